using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Files;

namespace KeysCluster.Cli.Secrets;

/// <summary>
/// Where a new secret goes: to the terminal, the clipboard, or a new file that only its owner can read. Never into a
/// pipe, which may end in a log.
/// </summary>
internal sealed class SecretOption
{
    private readonly Option<FileInfo?> _file = new("--secret-file")
    {
        Description = "Write the secret to this new file, which only you can read.",
        HelpName = "file",
    };

    private readonly Option<bool> _copy = new("--copy") { Description = "Copy the secret to the clipboard." };

    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_copy);
    }

    /// <summary>
    /// Prepares the place before the secret exists, so that it is not lost. Dispose it afterwards: an unused file is
    /// deleted.
    /// </summary>
    public SecretDestination Open(CommandRun run)
    {
        var file = run.Get(_file);
        var isCopied = run.Get(_copy);
        if (file is null && !isCopied && !run.Environment.IsOutputTerminal)
        {
            throw new CliException(
                "The output is not a terminal, and the secret could end up in a log. Pass --secret-file or --copy.");
        }

        return new SecretDestination(run, file is null ? null : Create(file), isCopied);
    }

    private static FileStream Create(FileInfo file)
    {
        try
        {
            return OwnerOnlyFile.Create(file.FullName);
        }
        catch (IOException) when (file.Exists)
        {
            throw new CliException($"The file {file.FullName} exists already.");
        }
    }
}
