"""`cairn mcp`: the memory for assistants on this machine, over the Model Context Protocol."""
