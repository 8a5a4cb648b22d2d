using System.Reflection;

namespace KeysCluster.TestKit;

/// <summary>Paths in the repository and in its build output.</summary>
public static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = GetMetadata("RepositoryRoot");

    /// <summary>The configuration of this build: Debug or Release.</summary>
    public static string Configuration { get; } = GetMetadata("Configuration");

    /// <summary>The OpenAPI document with the given contract of the rotate call.</summary>
    public static string RotateContractFile { get; } =
        Path.Combine(Root, "docs", "contract", "rotate-virtual-key.openapi.yaml");

    /// <summary>Returns the path of a program of this build.</summary>
    /// <param name="project">The folder of the project, which is the end of its name.</param>
    /// <param name="under">The parent of that folder.</param>
    public static string GetProgramPath(string project, string under = "src") => Path.Combine(
        Root, under, project, "bin", Configuration, "net10.0", $"KeysCluster.{project}.dll");

    private static string GetMetadata(string key) => typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
