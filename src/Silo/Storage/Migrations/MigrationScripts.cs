using System.Reflection;
using DbUp.Engine;

namespace KeysCluster.Silo.Storage.Migrations;

/// <summary>The migration scripts that are embedded in this assembly, in the order in which they are applied.</summary>
internal static class MigrationScripts
{
    public static IReadOnlyList<SqlScript> PostgreSql => Load("PostgreSql");

    public static IReadOnlyList<SqlScript> Sqlite => Load("Sqlite");

    private static List<SqlScript> Load(string database)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{typeof(MigrationScripts).Namespace}.{database}.";
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            // The journal contains the file name only, so that moving the folder does not apply a script again.
            .Select(name => new SqlScript(name[prefix.Length..], Read(assembly, name)))
            .ToList();
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
