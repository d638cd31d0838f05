{
  "targets": [
    {
      "target_name": "core",
      "sources": ["core.cc"],
      "include_dirs": ["<!(node -p \"require('node-api-headers').include_dir\")", "../../include"],
      "libraries": ["<(polylog_library)"],
      "defines": ["NAPI_VERSION=8"],
      "cflags_cc": ["-std=c++17", "-fexceptions"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti"],
      "xcode_settings": {
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17"
      },
      "conditions": [
        [
          "OS!='win'",
          {
            "defines": ["<!(pkg-config --exists spdlog && echo HAS_SPDLOG=1 || echo HAS_SPDLOG=0)"],
            "cflags_cc": ["<!@(pkg-config --cflags spdlog || echo)"],
            "libraries": ["<!@(pkg-config --libs spdlog || echo)"]
          }
        ],
        ["OS=='linux'", { "libraries": ["-ldl", "-lpthread", "-lm"] }],
        ["OS=='win'", { "libraries": ["ws2_32.lib", "userenv.lib", "ntdll.lib", "bcrypt.lib"] }]
      ]
    }
  ],
  "variables": {
    "polylog_library%": "<(module_root_dir)/libpolylog.a"
  }
}
