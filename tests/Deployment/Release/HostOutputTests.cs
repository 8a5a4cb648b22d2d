using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests.Release;

/// <summary>The files with which a host runs.</summary>
public sealed class HostOutputTests
{
    private static readonly string[] BuildOnly = ["Microsoft.CodeAnalysis", "Humanizer", "System.Composition"];

    /// <summary>Orleans' packages depend on it, but nothing in a running service needs it.</summary>
    [Theory]
    [InlineData("Silo")]
    [InlineData("Api")]
    public void A_host_is_built_without_the_compiler(string host)
    {
        var program = Repository.GetProgramPath(host);
        var folder = Path.GetDirectoryName(program)!;
        var dependencies = File.ReadAllText(Path.ChangeExtension(program, ".deps.json"));

        Assert.True(File.Exists(Path.Combine(folder, "Orleans.Core.dll")));
        Assert.All(BuildOnly, name =>
        {
            Assert.Empty(Directory.GetFiles(folder, $"{name}*.dll", SearchOption.AllDirectories));
            Assert.DoesNotContain($"/{name}", dependencies, StringComparison.Ordinal);
        });
    }
}
