// After CAIRN_TARGET("...") a file's functions are compiled for a CPU that has these features. It
// stands after the standard headers, and holds to the end of the file: templates are made there.
#pragma once

#define CAIRN_PRAGMA(text) _Pragma(#text)
#if defined(__clang__)
#define CAIRN_TARGET(features) \
  CAIRN_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define CAIRN_TARGET_END CAIRN_PRAGMA(clang attribute pop)
#else
#define CAIRN_TARGET(features) CAIRN_PRAGMA(GCC target(features))
#define CAIRN_TARGET_END
#endif
