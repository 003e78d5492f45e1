import TailraceCommands

await Program.main()
