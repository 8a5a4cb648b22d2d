using System.CommandLine;
using System.Globalization;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Cli.Parsing;
using KeysCluster.Files;
using KeysCluster.Silo.Moves;
using Microsoft.Extensions.Configuration;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Data;

/// <summary><c>keys move</c>: moves the data of an embedded service to the database of a cluster.</summary>
internal static class MoveCommand
{
    private const string ConnectionSetting = "ConnectionStrings:Migrations";

    public static Command Create(CliEnvironment environment)
    {
        var data = DataOptions.DataDirectory();
        var connection = new Option<FileInfo?>("--connection-file")
        {
            Description = "A file with the connection string of the PostgreSQL database, as the owner of its schema. "
                + "Without it, the variable ConnectionStrings__Migrations or ConnectionStrings__Keys.",
            HelpName = "file",
        };
        var serviceId = new Option<string?>("--service-id")
        {
            Description = "The Cluster:ServiceId of the cluster; that of the embedded service without it.",
            HelpName = "id",
        };
        var settings = new Option<DirectoryInfo?>("--settings-directory")
        {
            Description = "The Hosting:SecretsDirectory of the embedded service, if it has one.",
            HelpName = "folder",
        };
        var secrets = new Option<DirectoryInfo?>("--secrets-directory")
        {
            Description = "Write the peppers, and the digests of the admin keys, to this folder, as the "
                + "Hosting:SecretsDirectory of the silos. Only you can read it.",
            HelpName = "folder",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check everything, and change nothing." };
        var yes = CommonOptions.Yes();
        return new Command("move", "Move the data of an embedded service, which must not run, to a cluster.")
        {
            data, connection, serviceId, settings, secrets, dryRun, yes,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            var options = new MoveOptions
            {
                DataDirectory = run.Get(data)!.FullName,
                Configuration = ReadConfiguration(run.Get(settings), run.Get(connection)),
                ServiceId = run.Get(serviceId),
                SecretsDirectory = run.Get(secrets)?.FullName,
                IsDryRun = run.Get(dryRun),
            };
            if (!options.IsDryRun)
            {
                await run.ConfirmAsync(
                    $"Afterwards, the embedded service does not start on {options.DataDirectory}: the cluster takes "
                    + "its place. Move the data?",
                    yes,
                    cancellationToken);
            }

            var report = await MoveAsync(run, options, cancellationToken);
            run.Results.Write(MoveView.From(report), report.Database, console => Write(console, report));
        });
    }

    private static async Task<MoveReport> MoveAsync(
        CommandRun run, MoveOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await MoveProgressBar.RunAsync(run.Environment.Error, progress => Task.Run(
                () => new DatabaseMove(options, run.Environment.Time, progress).MoveAsync(cancellationToken),
                cancellationToken));
        }
        catch (MoveException exception)
        {
            throw new CliException(exception.Message, exception.Failure switch
            {
                MoveFailure.Refused => ExitCodes.Refused,
                MoveFailure.Unavailable => ExitCodes.Unavailable,
                _ => ExitCodes.Failure,
            });
        }
    }

    /// <summary>Reads the settings as the embedded service does, without those on its command line.</summary>
    private static IConfiguration ReadConfiguration(DirectoryInfo? settings, FileInfo? connection)
    {
        var configuration = new ConfigurationBuilder();
        if (settings is { Exists: false })
            throw new CliException($"The folder {settings.FullName} does not exist.");
        if (settings is not null) configuration.AddKeyPerFile(settings.FullName);
        configuration.AddEnvironmentVariables();
        if (connection is not null)
        {
            if (!connection.Exists) throw new CliException($"The file {connection.FullName} does not exist.");
            if (SecretFile.FindProblem(connection.FullName, isGroupReader: true) is { } problem)
                throw new CliException(problem);
            var text = File.ReadAllText(connection.FullName).Trim();
            configuration.AddInMemoryCollection([new(ConnectionSetting, text)]);
        }

        return configuration.Build();
    }

    private static void Write(IAnsiConsole console, MoveReport report)
    {
        console.WriteMarkupLine(report.Outcome switch
        {
            MoveOutcome.Checked => $"The data can be moved to [bold]{report.Database}[/]. Nothing was changed.",
            MoveOutcome.AlreadyMoved =>
                $"The data is in [bold]{report.Database}[/]: it was moved before. Nothing was changed.",
            _ => $"Moved to [bold]{report.Database}[/], and compared row by row",
        });
        if (report.States is { } states)
        {
            var table = Tables.CreateTable("Table", "Rows", "Digest");
            foreach (var moved in report.Tables)
                table.Add(moved.Table, Format(moved.Rows), moved.Digest ?? "—");
            console.Write(table);
            console.Write(Tables.CreateFields(
                ("Secrets", Format(states.Secrets)),
                ("Retiring secrets", Format(states.RetiringSecrets)),
                ("API key secrets", Format(states.ApiKeySecrets)),
                ("Webhook secrets", Format(states.WebhookSecrets)),
                ("Idempotency records", Format(states.IdempotencyRecords)),
                ("States with a valid MAC", Format(states.Authenticated)),
                ("States without a MAC", Format(states.WithoutMac)),
                ("Altered states", states.Altered.Count == 0 ? "0" : string.Join(", ", states.Altered).ToMarkup())));
        }

        console.WriteLine($"Every silo needs Cluster:ServiceId={report.ServiceId}, and these settings:");
        foreach (var setting in report.Settings) console.WriteLine($"  {setting.Name}: {setting.Source}");
        if (report.Outcome == MoveOutcome.Moved)
            console.WriteLine("Keep the data directory until the cluster has proved itself, then delete it.");
    }

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);
}
