using KeysCluster.Hosting;
using KeysCluster.Silo.Events;
using KeysCluster.Silo.Storage.Migrations;

namespace KeysCluster.Silo.Commands;

/// <summary>
/// The command <c>migrate</c>, which upgrades the PostgreSQL database to the schema of this build, as the owner of the
/// schema, and grants the roles of silos and front ends what they need. It can run while silos serve.
/// </summary>
internal static class MigrateCommand
{
    private const string Command = "migrate";

    /// <summary>Returns whether the first argument of the command line is this command.</summary>
    public static bool Matches(string[] args) => args is [Command, ..];

    /// <summary>Runs the command. Arguments such as <c>--Events:KeepFor=30.00:00:00</c> are settings.</summary>
    /// <returns>The exit code: 0, or 1 if the command failed.</returns>
    public static Task<int> RunAsync(string[] args) => HostRunner.RunAsync(async () =>
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddHostDefaults();
        var connectionString = SettingsValidation.GetMigrationsConnectionString(builder.Configuration)
            ?? SettingsValidation.GetPostgresConnectionString(builder.Configuration)
            ?? throw new StartupException(
                "ConnectionStrings:Migrations is missing: set it to the PostgreSQL database, as the owner of its "
                + "schema. The embedded topology needs no migration.");
        var events = SettingsValidation.Validate(
            builder.Configuration.GetSection("Events").Get<EventRetentionOptions>() ?? new EventRetentionOptions());

        await using var app = builder.Build();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(MigrateCommand));
        await SchemaMigrator.UpgradePostgreSqlAsync(
            connectionString, events.KeepFor, logger, CancellationToken.None);
        await Console.Out.WriteLineAsync("The database has the schema of this build.");
    });
}
