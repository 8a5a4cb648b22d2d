using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Files;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Data;

/// <summary><c>keys backup</c>: copies the data of an embedded service while it runs.</summary>
internal static class BackupCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var target = new Argument<DirectoryInfo>("backup") { Description = "The folder to create." };
        var data = DataOptions.DataDirectory();
        var pepper = new Option<FileInfo?>("--pepper-file")
        {
            Description = "Copy the pepper to this new file too. Keep it apart from the backups: it is needed to "
                + "restore them, and once is enough.",
            HelpName = "file",
        };
        return new Command("backup", "Copy the data of an embedded service, also while it runs.")
        {
            target, data, pepper,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            var manifest = await run.WorkAsync(
                "Copying…", () => Back(run.Get(data)!, run.Get(target)!, run.Get(pepper), run.Now), cancellationToken);
            run.Results.Write(manifest, run.Get(target)!.FullName, console =>
            {
                console.WriteMarkupLine($"Backup in [bold]{run.Get(target)!.FullName}[/]");
                RestoreCommand.Describe(console, manifest, run.Now);
                console.WriteLine(run.Get(pepper) is { } copy
                    ? $"The pepper is in {copy.FullName}. Keep it apart from the backup."
                    : "The pepper is not in the backup. Keep a copy of it apart: --pepper-file makes one.");
            });
        });
    }

    private static BackupManifest Back(DirectoryInfo data, DirectoryInfo target, FileInfo? pepper, DateTimeOffset now)
    {
        var source = Path.Combine(data.FullName, EmbeddedDatabase.FileName);
        if (!File.Exists(source))
        {
            throw new CliException(
                $"There is no {EmbeddedDatabase.FileName} in {data.FullName}. Pass --data-directory.");
        }

        if (target.Exists && target.EnumerateFileSystemInfos().Any())
            throw new CliException($"The folder {target.FullName} is not empty.");
        OwnerOnlyFile.CreateFolder(target.FullName);
        if (pepper is not null)
            OwnerOnlyFile.Copy(Path.Combine(data.FullName, DataOptions.PepperName), pepper.FullName);

        var copy = Path.Combine(target.FullName, EmbeddedDatabase.FileName);
        EmbeddedDatabase.Copy(source, copy);
        var manifest = new BackupManifest(now, EmbeddedDatabase.Hash(copy), EmbeddedDatabase.Check(copy));
        manifest.Write(target);
        return manifest;
    }
}
