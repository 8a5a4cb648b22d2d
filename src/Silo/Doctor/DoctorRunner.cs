using System.Data.Common;
using KeysCluster.Hosting;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeysCluster.Silo.Doctor;

/// <summary>
/// Checks an installation: its settings, files and certificates, and its database. It can run while silos serve, and
/// changes nothing.
/// </summary>
public static class DoctorRunner
{
    /// <summary>SQLITE_ERROR, the code of statements that SQLite cannot compile.</summary>
    private const int SqliteError = 1;

    /// <summary>Those that find out whether others can run come first.</summary>
    private static readonly DoctorCheck[] Checks =
    [
        new SettingsCheck(), new FilesCheck(), new CertificatesCheck(), new ConnectionCheck(), new RolesCheck(),
        new SchemaCheck(), new ReplicationCheck(), new PoolSizesCheck(), new ClockCheck(), new PeppersCheck(),
        new LeasesCheck(), new ErasuresCheck(), new EventsCheck(), new WebhooksCheck(),
    ];

    /// <summary>Runs all checks with the configuration that a silo would have here.</summary>
    /// <param name="settings">
    /// Settings such as <c>--Keys:DataDirectory=data</c>, which override the other sources of the configuration.
    /// </param>
    /// <param name="cancellationToken">Cancels the checks.</param>
    /// <exception cref="OperationCanceledException">The checks were canceled.</exception>
    public static async Task<DoctorReport> RunAsync(string[] settings, CancellationToken cancellationToken)
    {
        DoctorContext context;
        try
        {
            context = DoctorContext.Create(settings);
        }
        catch (Exception exception) when (StartupFailure.Explain(exception) is { } problem)
        {
            return new DoctorReport([SettingsCheck.Report(problem)]);
        }

        await using (context)
        {
            var findings = new List<Finding>();
            foreach (var check in Checks) findings.AddRange(await RunAsync(check, context, cancellationToken));
            return new DoctorReport(findings);
        }
    }

    private static async Task<IReadOnlyList<Finding>> RunAsync(
        DoctorCheck check, DoctorContext context, CancellationToken cancellationToken)
    {
        try
        {
            var findings = await check.RunAsync(context, cancellationToken);
            return findings.Count > 0 ? findings : [check.Ok("No problem was found.")];
        }
        catch (Exception exception) when (IsMissingTable(exception))
        {
            return [check.Skip("The schema of the database is not that of this build.")];
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return
            [
                check.Fail(
                    $"The role of ConnectionStrings:Keys may not read what this check needs: {exception.MessageText}.",
                    "ConnectionStrings:Keys",
                    "Run the command migrate, which grants the privileges, or connect with the role of silos."),
            ];
        }
        catch (Exception exception) when (exception is DbException or TimeoutException)
        {
            return
            [
                check.Fail(
                    $"The check failed: {exception.Message}", "the database",
                    "Read the log of the database, and run the doctor again."),
            ];
        }
    }

    private static bool IsMissingTable(Exception exception) => exception
        is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction }
        or SqliteException { SqliteErrorCode: SqliteError };
}
