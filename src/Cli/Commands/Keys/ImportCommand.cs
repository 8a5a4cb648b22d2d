using System.CommandLine;
using System.Globalization;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Import;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Cli.Parsing;
using KeysCluster.Files;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys import</c>: imports keys of another system by the hashes of their secrets.</summary>
internal static class ImportCommand
{
    private const string StandardInput = "-";

    public static Command Create(CliEnvironment environment)
    {
        var path = new Argument<string>("file") { Description = "The file with the keys; - for the standard input." };
        var options = new ImportOptions();
        var skipExpired = new Option<bool>("--skip-expired")
        {
            Description = "Skip keys that have expired; 'true' by default. With 'false' they fail.",
            HelpName = "true|false",
            DefaultValueFactory = _ => true,
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Read the whole file, and send nothing." };
        var concurrency = new Option<int>("--concurrency")
        {
            Description = "How many requests of up to 500 keys to send at the same time, 1 to 4; 3 by default.",
            HelpName = "number",
            DefaultValueFactory = _ => 3,
        };
        concurrency.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 4) result.AddError("--concurrency is from 1 to 4.");
        });
        var errors = new Option<FileInfo?>("--errors")
        {
            Description = "Write the rows that fail to this new file, which only you can read: as NDJSON, with the "
                + "line and the reason.",
            HelpName = "file",
        };
        var yes = CommonOptions.Yes();
        var command = new Command("import", "Import keys of another system, whose secrets stay valid.") { path };
        options.AddTo(command);
        foreach (var option in (Option[])[skipExpired, dryRun, concurrency, errors, yes]) command.Add(option);
        return command.WithAction(environment, async (run, cancellationToken) =>
        {
            var file = run.Get(path)!;
            using var stream = file == StandardInput ? null : Open(file);
            using var reader = stream is null ? null : new StreamReader(stream);
            var source = await SourceRows.OpenAsync(
                reader ?? environment.Input, options.GetFormat(run, file), cancellationToken);
            var mapping = options.GetMapping(run, source.Columns);
            var isDryRun = run.Get(dryRun);
            if (!isDryRun)
            {
                await run.ConfirmAsync(
                    $"Import {(stream is null ? "the standard input" : Path.GetFileName(file))} with {mapping}?",
                    yes,
                    cancellationToken);
                run.UnknownOutcomeHint =
                    "Keys that were imported stay imported. Repeat the command to import the others.";
            }

            using var failures = new FailureLog(run.Get(errors) is { } errorFile ? CreateFile(errorFile) : null);
            var import = new KeyImport(
                isDryRun ? null : run.Client.VirtualKeys, run.Get(concurrency), failures);
            var mapper = new RowMapper(mapping, run.Get(skipExpired), run.Now);
            await ShowProgressAsync(
                environment.Error,
                stream,
                import,
                report => import.RunAsync(source.Rows.Select(mapper.Map), report, cancellationToken));
            Write(run, import.Summary, failures, isDryRun);
            if (import.Summary.Failed > 0) run.ExitCode = ExitCodes.PartlyFailed;
        });
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException($"The file {path} does not exist.");
        }
    }

    private static FileStream CreateFile(FileInfo file)
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

    /// <summary>Shows how much of the file is imported when a person waits for it.</summary>
    private static Task ShowProgressAsync(
        IAnsiConsole console, FileStream? stream, KeyImport import, Func<Action, Task> runAsync)
    {
        if (!console.Profile.Capabilities.Interactive) return runAsync(() => { });
        return console.Progress().StartAsync(async context =>
        {
            var task = context.AddTask("Importing", maxValue: Math.Max(stream?.Length ?? 1, 1));
            task.IsIndeterminate = stream is null;
            await runAsync(() =>
            {
                if (stream is not null) task.Value = stream.Position;
                task.Description = $"{import.Summary.Total.ToString(CultureInfo.InvariantCulture)} rows";
            });
            task.Value = task.MaxValue;
        });
    }

    private static void Write(CommandRun run, ImportSummary summary, FailureLog failures, bool isDryRun)
    {
        var result = new
        {
            DryRun = isDryRun,
            summary.Imported,
            summary.Unchanged,
            Skipped = summary.SkippedRevoked + summary.SkippedExpired,
            summary.SkippedRevoked,
            summary.SkippedExpired,
            summary.Failed,
            summary.NotSent,
            ErrorsFile = summary.Failed > 0 ? failures.FilePath : null,
            FirstFailures = failures.First,
        };
        run.Results.Write(result, "", console =>
        {
            console.Write(Tables.CreateFields(
                ("Not sent", isDryRun ? Format(summary.NotSent) : null),
                ("Imported", isDryRun ? null : Format(summary.Imported)),
                ("Unchanged", isDryRun ? null : Format(summary.Unchanged)),
                ("Skipped", $"{Format(result.Skipped)} ({Format(summary.SkippedRevoked)} revoked, "
                    + $"{Format(summary.SkippedExpired)} expired)"),
                ("Failed", summary.Failed > 0 ? $"[red]{Format(summary.Failed)}[/]" : "0")));
            if (summary.Failed > 0) WriteFailures(console, summary.Failed, failures);
        });
    }

    private static void WriteFailures(IAnsiConsole console, int count, FailureLog failures)
    {
        var table = Tables.CreateTable("Line", "Name", "Reason");
        foreach (var failure in failures.First)
        {
            table.Add(
                failure.Line.ToString(CultureInfo.InvariantCulture),
                (failure.Name ?? "").ToMarkup(),
                $"{failure.Message} ({failure.Code})".ToMarkup());
        }

        console.Write(table);
        if (failures.FilePath is { } path) console.WriteMarkupLine($"All failures are in the file [bold]{path}[/]");
        else if (count > failures.First.Count) console.WriteLine("--errors writes all failures to a file.");
    }

    private static string Format(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
