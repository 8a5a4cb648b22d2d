using System.Reflection;

namespace KeysCluster.TestKit;

/// <summary>Where the repository and what was built of it lie.</summary>
public static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The contract of the call at the centre, which lies beside the repository.</summary>
    public static string RotateContract => Path.Combine(Root, "..", "shared", "contract", "rotate-virtual-key.openapi.yaml");

    internal static string Program(string project) => Path.Combine(
        Root, "src", project, "bin", Metadata("Configuration"), "net10.0", $"KeysCluster.{project}.dll");

    private static string Metadata(string key) => typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
