# What an addon needs of Node's own common.gypi when it uses Node-API alone: with this and the headers of the package
# node-api-headers, node-gyp has nothing to download.
{
  "target_defaults": {
    "default_configuration": "Release",
    "configurations": { "Release": {} },
    "cflags": ["-pthread"],
    "conditions": [
      ["OS=='linux'", { "cflags": ["-fPIC", "-O2"], "ldflags": ["-pthread"] }],
      ["OS=='mac'", { "xcode_settings": { "OTHER_LDFLAGS": ["-undefined dynamic_lookup"] } }]
    ]
  }
}
