using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>The bugs that <c>mutations.sh</c> plants to test the history checker.</summary>
public sealed class PlantedBugTests
{
    [Fact]
    public async Task Every_patch_applies_to_this_tree()
    {
        var folder = Path.Combine(Repository.Root, "tests", "Cluster.EndToEnd", "mutations");
        var patches = Directory.GetFiles(folder, "*.patch");
        Assert.NotEmpty(patches);
        foreach (var patch in patches)
            await ProgramRunner.RunSuccessfullyAsync("git", ["apply", "--check", patch]);
    }
}
