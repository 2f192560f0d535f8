"""Why a result is there, or is not."""
