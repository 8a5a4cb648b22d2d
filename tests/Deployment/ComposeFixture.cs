using KeysCluster.TestKit;
using YamlDotNet.RepresentationModel;

namespace KeysCluster.Deployment.Tests;

/// <summary>The compose file as <c>docker-compose</c> resolves it, with its anchors and variables.</summary>
public sealed class ComposeFixture : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Variables = new()
    {
        ["KEYS_FILES_GROUP"] = "1000",
    };

    internal YamlMappingNode File { get; private set; } = null!;

    internal IReadOnlyDictionary<string, YamlMappingNode> Services => ((YamlMappingNode)File["services"])
        .ToDictionary(pair => pair.Key.ToString(), pair => (YamlMappingNode)pair.Value);

    public async Task InitializeAsync()
    {
        var output = await ProgramRunner.RunSuccessfullyAsync(
            "docker-compose", ["--file", DeployFiles.Compose, "config"], Variables);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(output));
        File = (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
