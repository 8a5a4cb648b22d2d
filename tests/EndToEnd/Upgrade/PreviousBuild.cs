using System.Diagnostics;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>Builds the programs of the previous revision once, in a temporary folder.</summary>
public sealed class PreviousBuild : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keys-previous-").FullName;

    /// <summary>The path of the silo.</summary>
    public string SiloPath => GetProgramPath("Silo");

    /// <summary>The path of the front end.</summary>
    public string FrontEndPath => GetProgramPath("Api");

    public async Task InitializeAsync()
    {
        var hash = await PreviousRevision.ResolveAsync();
        var archive = Path.Combine(_folder, "source.tar");
        await ProgramRunner.RunSuccessfullyAsync("git", ["archive", "--output", archive, hash]);
        await ProgramRunner.RunSuccessfullyAsync("tar", ["-xf", archive], folder: _folder);

        // The silo references the front end, so this builds both.
        string[] build =
        [
            "build", Path.Combine("src", "Silo"), "--configuration", "Release", "--nologo",
            $"-p:SourceRevisionId={hash}", "-nodeReuse:false",
        ];
        await ProgramRunner.RunSuccessfullyAsync("dotnet", build, folder: _folder);
        AssertIsRevision(SiloPath, hash);
        AssertIsRevision(FrontEndPath, hash);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private static void AssertIsRevision(string program, string hash)
    {
        var assemblies = Directory.GetFiles(Path.GetDirectoryName(program)!, "KeysCluster.*.dll");
        Assert.Contains(program, assemblies);
        Assert.All(assemblies, assembly => Assert.EndsWith(
            hash, FileVersionInfo.GetVersionInfo(assembly).ProductVersion, StringComparison.Ordinal));
    }

    private string GetProgramPath(string project) =>
        Path.Combine(_folder, "src", project, "bin", "Release", "net10.0", $"KeysCluster.{project}.dll");
}
