using System.CommandLine;
using System.Globalization;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Cli.Parsing;
using KeysCluster.Files;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Data;

/// <summary><c>keys restore</c>: puts a backup in the place of the data of an embedded service.</summary>
internal static class RestoreCommand
{
    private const string InitializedName = "initialized";

    public static Command Create(CliEnvironment environment)
    {
        var backup = new Argument<DirectoryInfo>("backup") { Description = "The folder that 'keys backup' created." };
        var data = DataOptions.DataDirectory();
        var pepper = new Option<FileInfo?>("--pepper-file")
        {
            Description = "The pepper; that of the data directory without it.",
            HelpName = "file",
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Replace the data that is there. It is kept in a folder beside the new.",
        };
        var yes = CommonOptions.Yes();
        return new Command("restore", "Restore a backup of an embedded service, which must not run.")
        {
            backup, data, pepper, replace, yes,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            var manifest = BackupManifest.Read(run.Get(backup)!);
            var age = RelativeTime.Format(manifest.CreatedAt, run.Now);
            await run.ConfirmAsync(
                $"The backup was made {age}. Later changes are lost: keys that were revoked since then work again. "
                + "Restore it?",
                yes,
                cancellationToken);
            await run.WorkAsync(
                "Restoring…",
                () => Restore(manifest, run.Get(backup)!, run.Get(data)!, run.Get(pepper), run.Get(replace), run.Now),
                cancellationToken);
            run.Results.Write(manifest, run.Get(data)!.FullName, console =>
            {
                console.WriteMarkupLine($"Restored to [bold]{run.Get(data)!.FullName}[/]");
                Describe(console, manifest, run.Now);
                console.WriteLine("Start the service, and revoke again what was revoked since.");
            });
        });
    }

    public static void Describe(IAnsiConsole console, BackupManifest manifest, DateTimeOffset now) =>
        console.Write(Tables.CreateFields(
            ("Virtual keys", manifest.Contents.VirtualKeys.ToString(CultureInfo.InvariantCulture)),
            ("Projects", manifest.Contents.Projects.ToString(CultureInfo.InvariantCulture)),
            ("Last change", RelativeTime.Format(manifest.Contents.LastEventAt, now))));

    private static BackupManifest Restore(
        BackupManifest manifest,
        DirectoryInfo backup,
        DirectoryInfo data,
        FileInfo? pepper,
        bool isReplaced,
        DateTimeOffset now)
    {
        var source = Path.Combine(backup.FullName, EmbeddedDatabase.FileName);
        if (!File.Exists(source)) throw new CliException($"The backup has no {EmbeddedDatabase.FileName}.");
        if (EmbeddedDatabase.Hash(source) != manifest.Sha256)
            throw new CliException($"{source} is not the file that the backup wrote.", ExitCodes.Failure);
        EmbeddedDatabase.Check(source);

        OwnerOnlyFile.CreateFolder(data.FullName);
        using var runningLock = Lock(data);
        var oldPepper = Path.Combine(data.FullName, DataOptions.PepperName);
        if (pepper is null && !File.Exists(oldPepper))
            throw new CliException("Without the pepper of the backup no secret can be validated. Pass --pepper-file.");

        if (pepper is { Exists: false }) throw new CliException($"The file {pepper.FullName} does not exist.");

        MoveAside(data, isReplaced, keepsPepper: pepper is null, now);
        if (pepper is not null) OwnerOnlyFile.Copy(pepper.FullName, oldPepper);

        // A restore that was interrupted may have left a part of the file.
        var copy = Path.Combine(data.FullName, EmbeddedDatabase.FileName + ".new");
        File.Delete(copy);
        OwnerOnlyFile.Copy(source, copy);

        // Last, so that a start after a crash finds no database, and refuses to create one.
        File.Move(copy, Path.Combine(data.FullName, EmbeddedDatabase.FileName));
        var initialized = Path.Combine(data.FullName, InitializedName);
        if (!File.Exists(initialized)) OwnerOnlyFile.Create(initialized).Dispose();
        return manifest;
    }

    /// <summary>Moves the data that is there into a folder of its own, with the log of the database.</summary>
    private static void MoveAside(DirectoryInfo data, bool isReplaced, bool keepsPepper, DateTimeOffset now)
    {
        var names = new List<string>
        {
            EmbeddedDatabase.FileName, EmbeddedDatabase.FileName + "-wal", EmbeddedDatabase.FileName + "-shm",
        };
        if (!keepsPepper) names.Add(DataOptions.PepperName);
        var files = names.Select(name => Path.Combine(data.FullName, name)).Where(File.Exists).ToList();
        if (files.Count == 0) return;
        if (!isReplaced)
            throw new CliException($"There is data in {data.FullName}. Pass --replace to replace it.");

        var kept = Path.Combine(data.FullName, $"replaced-{now.UtcDateTime:yyyyMMdd-HHmmss}");
        OwnerOnlyFile.CreateFolder(kept);
        foreach (var file in files) File.Move(file, Path.Combine(kept, Path.GetFileName(file)));
    }

    /// <summary>The service holds the same lock while it runs.</summary>
    private static FileStream Lock(DirectoryInfo data)
    {
        try
        {
            return new FileStream(
                Path.Combine(data.FullName, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new CliException($"The service uses {data.FullName}. Stop it first.", ExitCodes.Failure);
        }
    }
}
