using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>
/// The silo of an earlier build. It has every feature that the workload uses: an earlier one accepts virtual keys
/// whose restrictions it does not know, as docs/operations/upgrading.md says.
/// </summary>
internal static partial class PreviousSilo
{
    private static readonly string RevisionFile =
        Path.Combine(Repository.Root, "tests", "Cluster.EndToEnd", "previous-revision.txt");

    /// <summary>Builds the silo in a temporary folder, once; null when the repository lacks the revision.</summary>
    public static async Task<string?> TryBuildAsync(Action<string> log)
    {
        var revision = RevisionPattern().Match(await File.ReadAllTextAsync(RevisionFile)).Value;
        var folder = Path.Combine(Path.GetTempPath(), $"keys-previous-{revision}");
        var program = Path.Combine(folder, "src", "Silo", "bin", "Release", "net10.0", "KeysCluster.Silo.dll");
        if (File.Exists(program)) return program;
        try
        {
            Directory.CreateDirectory(folder);
            var archive = Path.Combine(folder, "source.tar");
            await ProgramRunner.RunSuccessfullyAsync("git", ["archive", "--output", archive, revision]);
            await ProgramRunner.RunSuccessfullyAsync("tar", ["-xf", archive], folder: folder);
            string[] build =
                ["build", Path.Combine("src", "Silo"), "--configuration", "Release", "--nologo", "-nodeReuse:false"];
            await ProgramRunner.RunSuccessfullyAsync("dotnet", build, folder: folder);
            return program;
        }
        catch (InvalidOperationException exception)
        {
            log($"Without the previous build: {exception.Message}");
            return null;
        }
    }

    [GeneratedRegex("^[0-9a-f]{40}", RegexOptions.Multiline)]
    private static partial Regex RevisionPattern();
}
