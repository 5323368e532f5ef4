// Loaded before a server's own program: its standard input is a pipe from the process that started it, and when
// that process is gone, however it ended, so is the server.
process.stdin
  .on("end", () => process.exit())
  .on("error", () => process.exit())
  .resume();
