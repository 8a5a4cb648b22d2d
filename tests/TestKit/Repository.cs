using System.Reflection;

namespace KeysCluster.TestKit;

/// <summary>Where the repository and what was built of it lie.</summary>
public static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = GetMetadata("RepositoryRoot");

    /// <summary>The configuration of this build, Debug or Release.</summary>
    public static string Configuration { get; } = GetMetadata("Configuration");

    /// <summary>The contract of the call at the centre: its owner's file where that lies beside the repository, else our copy.</summary>
    public static string RotateContractFile => File.Exists(OwnersContract) ? OwnersContract : CopiedContract;

    /// <summary>The repository's own copy of the contract.</summary>
    public static string CopiedContract => Path.Combine(Root, "docs", "contract", ContractFileName);

    private static string OwnersContract => Path.Combine(Root, "..", "shared", "contract", ContractFileName);

    private const string ContractFileName = "rotate-virtual-key.openapi.yaml";

    /// <summary>A program of this build, by its project's folder.</summary>
    /// <param name="project">Its folder, which its name ends with.</param>
    /// <param name="under">Where that folder lies.</param>
    public static string GetProgramPath(string project, string under = "src") => Path.Combine(
        Root, under, project, "bin", Configuration, "net10.0", $"KeysCluster.{project}.dll");

    private static string GetMetadata(string key) => typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
