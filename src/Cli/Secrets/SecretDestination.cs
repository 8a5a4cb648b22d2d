using System.Text;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using Spectre.Console;

namespace KeysCluster.Cli.Secrets;

/// <summary>A place for a secret that is about to be created.</summary>
internal sealed class SecretDestination(CommandRun run, FileStream? file, bool isCopied) : IDisposable
{
    private bool _isUsed;

    /// <summary>Whether the secret may be printed.</summary>
    private bool IsPrinted => file is null && !isCopied;

    /// <summary>Puts the secret in its place, and writes the result.</summary>
    /// <param name="value">What was created.</param>
    /// <param name="id">Its id.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="isReplay">Whether an earlier execution of the same command created it.</param>
    /// <param name="writeForPeople">Writes what was created for people.</param>
    public async Task WriteAsync(
        object value, string id, string secret, bool isReplay, Action<IAnsiConsole> writeForPeople)
    {
        try
        {
            await StoreAsync(secret);
        }
        catch (Exception exception)
        {
            throw new CliException(
                $"The secret of {id} was created, but it could not be stored: {exception.Message.Trim()} "
                + $"To get it again, repeat the command with: {run.RepeatOption}",
                ExitCodes.Failure);
        }

        _isUsed = true;
        var result = new
        {
            Result = value,
            Secret = IsPrinted ? secret : null,
            SecretFile = file?.Name,
            IsReplay = isReplay,
        };
        run.Results.Write(result, IsPrinted ? secret : id, console =>
        {
            writeForPeople(console);
            if (isReplay) console.MarkupLine("[yellow]This is the secret of an earlier, identical command.[/]");
            console.WriteLine();
            if (file is not null) console.WriteMarkupLine($"The secret is in the file [bold]{file.Name}[/]");
            if (isCopied) console.MarkupLine("The secret is in the clipboard. Clear it after use.");
            if (!IsPrinted) return;
            console.MarkupLine("[bold]Secret[/] – nothing shows it again:");

            // As one line of text, so that it can be copied whatever the width of the terminal.
            console.Profile.Out.Writer.WriteLine(secret);
        });
    }

    private async Task StoreAsync(string secret)
    {
        if (file is not null)
        {
            await file.WriteAsync(Encoding.ASCII.GetBytes(secret + "\n"));
            file.Flush(flushToDisk: true);
        }

        if (isCopied) await run.Environment.Clipboard.SetTextAsync(secret);
    }

    public void Dispose()
    {
        if (file is null) return;
        file.Dispose();
        if (!_isUsed) File.Delete(file.Name);
    }
}
