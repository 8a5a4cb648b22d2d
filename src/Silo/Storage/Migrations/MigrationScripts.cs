using System.Reflection;
using DbUp.Engine;
using DbUp.Support;

namespace KeysCluster.Silo.Storage.Migrations;

/// <summary>The migration scripts that are embedded in this assembly, in the order in which they are applied.</summary>
internal static class MigrationScripts
{
    /// <summary>Groups are executed in the order of their numbers.</summary>
    private static readonly SqlScriptOptions Recorded = new() { ScriptType = ScriptType.RunOnce, RunGroupOrder = 1 };
    private static readonly SqlScriptOptions Applied = new() { ScriptType = ScriptType.RunOnce, RunGroupOrder = 0 };

    public static IReadOnlyList<SqlScript> PostgreSql => Load(
        "PostgreSql",
        [
            "0002_schema.sql", "0003_first_schema.sql", "0004_listed_state.sql", "0005_virtual_key_fields.sql",
            "0006_api_keys.sql", "0007_event_queries.sql",
        ]);

    public static IReadOnlyList<SqlScript> Sqlite => Load(
        "Sqlite",
        [
            "0002_schema.sql", "0003_listed_state.sql", "0004_virtual_key_fields.sql", "0005_api_keys.sql",
            "0006_event_queries.sql", "0008_schema.sql",
        ]);

    /// <param name="database">The folder of the scripts.</param>
    /// <param name="replaced">
    /// The scripts of earlier builds whose objects the schema script contains. They are recorded as applied, so
    /// that such a build, after a rollback, does not replace the objects by its own.
    /// </param>
    private static List<SqlScript> Load(string database, string[] replaced)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{typeof(MigrationScripts).Namespace}.{database}.";
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            // The journal contains the file name only, so that moving the folder does not apply a script again.
            .Select(name => new SqlScript(name[prefix.Length..], Read(assembly, name), Applied))
            .Concat(replaced.Select(name => new SqlScript(name, "SELECT 1", Recorded)))
            .ToList();
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
