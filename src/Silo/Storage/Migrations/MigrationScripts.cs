using System.Reflection;
using DbUp.Engine;
using DbUp.Support;

namespace KeysCluster.Silo.Storage.Migrations;

/// <summary>The migration scripts that are embedded in this assembly: the schema of each database.</summary>
internal static class MigrationScripts
{
    /// <summary>Its comment says how to change the schema.</summary>
    public const string PostgreSqlSchema = "0012_schema.sql";

    /// <summary>Its comment says how to change the schema.</summary>
    public const string SqliteSchema = "0011_schema.sql";

    /// <summary>Groups are executed in the order of their numbers.</summary>
    private static readonly SqlScriptOptions Recorded = new() { ScriptType = ScriptType.RunOnce, RunGroupOrder = 1 };
    private static readonly SqlScriptOptions Applied = new() { ScriptType = ScriptType.RunOnce, RunGroupOrder = 0 };

    public static IReadOnlyList<SqlScript> PostgreSql { get; } = Load(
        "PostgreSql",
        PostgreSqlSchema,
        [
            "0002_schema.sql", "0003_first_schema.sql", "0004_listed_state.sql", "0005_virtual_key_fields.sql",
            "0006_api_keys.sql", "0007_event_queries.sql", "0008_schema.sql", "0009_roles.sql", "0010_state_mac.sql",
            "0011_schema.sql",
        ]);

    public static IReadOnlyList<SqlScript> Sqlite { get; } =
        Load("Sqlite", SqliteSchema, ["0002_schema.sql", "0008_schema.sql", "0009_schema.sql", "0010_schema.sql"]);

    /// <param name="database">The folder of the script.</param>
    /// <param name="schema">The name of the script.</param>
    /// <param name="replaced">
    /// The scripts of the earlier builds of docs/adr/0026-one-earlier-build.md, and those that this one replaces. They
    /// are recorded as applied, so that such a build, after a rollback, does not replace objects by its own.
    /// </param>
    private static List<SqlScript> Load(string database, string schema, string[] replaced) =>
    [
        // The journal contains the file name only, so that moving the folder does not apply a script again.
        new(schema, Read($"{typeof(MigrationScripts).Namespace}.{database}.{schema}"), Applied),
        .. replaced.Select(name => new SqlScript(name, "SELECT 1", Recorded)),
    ];

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
