using Npgsql;

namespace KeysCluster.TestKit;

/// <summary>
/// The database roles that <c>deploy/postgresql/roles.sql</c> creates, here with their names as passwords.
/// </summary>
public static class PostgresRoles
{
    /// <summary>The role that migrates.</summary>
    public const string Owner = "keys_owner";

    /// <summary>The role of silos.</summary>
    public const string Service = "keys_service";

    /// <summary>The role of front ends and validating services.</summary>
    public const string Gateways = "keys_gateways";

    /// <summary>The path of the script.</summary>
    public static string Script { get; } = Path.Combine(Repository.Root, "deploy", "postgresql", "roles.sql");

    /// <summary>Runs the script in a database.</summary>
    /// <param name="connectionString">The database, as a superuser.</param>
    public static async Task CreateAsync(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        var environment = new Dictionary<string, string?>
        {
            ["KEYS_OWNER_PASSWORD"] = Owner,
            ["KEYS_SERVICE_PASSWORD"] = Service,
            ["KEYS_GATEWAYS_PASSWORD"] = Gateways,
        };
        await ProgramRunner.RunSuccessfullyAsync(
            ProgramRunner.Find("postgresql-client", "psql"),
            [
                "--no-psqlrc", "--quiet", "--host", database.Host!, "--port", $"{database.Port}",
                "--username", database.Username!, "--dbname", database.Database!, "--file", Script,
            ],
            environment);
    }

    /// <summary>Returns the connection string with which a role connects to a database.</summary>
    public static string Connect(string connectionString, string role) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = role }.ConnectionString;
}
