namespace KeysCluster.Cli.Errors;

/// <summary>A failure that its message explains to the user.</summary>
internal sealed class CliException(string message, int exitCode = ExitCodes.Usage) : Exception(message)
{
    public int ExitCode => exitCode;
}
