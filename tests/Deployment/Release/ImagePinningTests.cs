using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests.Release;

/// <summary><c>deploy/pin-images.sh</c>, with a registry that the test plays.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class ImagePinningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string DeployFolder => Path.Combine(_folder.Root, "deploy");

    public ImagePinningTests()
    {
        _folder.CopyFromRepository("deploy/docker/Dockerfile");
        _folder.CopyFromRepository("deploy/compose.yaml");
    }

    [Fact]
    public async Task Every_image_of_another_publisher_is_pinned_and_nothing_else_changes()
    {
        await PinAsync(FakeRegistry.Script);

        var pinned = ReadFiles();
        var references = ImagePattern().Matches(pinned).Select(match => match.Groups["image"].Value).ToList();
        Assert.Equal(
            [
                "docker/dockerfile:1", "haproxy:3.2-alpine", "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled",
                "mcr.microsoft.com/dotnet/sdk:10.0-noble", "postgres:17",
            ],
            references.Select(image => image.Split('@')[0]).Order(StringComparer.Ordinal));
        Assert.All(references, image =>
        {
            var parts = image.Split('@');
            Assert.Equal(FakeRegistry.GetDigest(parts[0]), parts[1]);
        });
        Assert.Equal(
            File.ReadAllText(DeployFiles.Dockerfile) + File.ReadAllText(DeployFiles.Compose),
            DigestPattern().Replace(pinned, ""));
    }

    [Fact]
    public async Task A_later_run_replaces_the_digests()
    {
        await PinAsync(FakeRegistry.Script);
        var digest = $"sha256:{new string('7', 64)}";
        await PinAsync($"echo {digest}");

        var digests = DigestPattern().Matches(ReadFiles());
        Assert.Equal(5, digests.Count);
        Assert.All(digests, match => Assert.Equal($"@{digest}", match.Value));
    }

    [Theory]
    [InlineData("case \"$*\" in *haproxy*) echo unauthorized >&2; exit 1;; esac\n" + FakeRegistry.Script,
        "The digest of haproxy:3.2-alpine cannot be resolved")]
    [InlineData("echo sha256:short", "is malformed: sha256:short")]
    [InlineData("exit 0", "is malformed")]
    public async Task No_file_changes_if_a_digest_cannot_be_resolved(string registry, string message)
    {
        var before = ReadFiles();

        var (exitCode, output) = await RunAsync(registry);

        Assert.Equal(1, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.Equal(before, ReadFiles());
    }

    public void Dispose() => _folder.Dispose();

    private async Task PinAsync(string registry)
    {
        var (exitCode, output) = await RunAsync(registry);
        Assert.True(exitCode == 0, output);
    }

    private Task<(int ExitCode, string Output)> RunAsync(string registry) => ProgramRunner.RunAsync(
        DeployFiles.GetPath("pin-images.sh"), [DeployFolder], _folder.CreateProgram("skopeo", registry));

    private string ReadFiles() => File.ReadAllText(Path.Combine(DeployFolder, "docker", "Dockerfile"))
        + File.ReadAllText(Path.Combine(DeployFolder, "compose.yaml"));

    [GeneratedRegex(@"^(# syntax=|FROM (--platform=\S+ )?| +image: )(?!keyscluster-)(?<image>\S+:\S+)",
        RegexOptions.Multiline)]
    private static partial Regex ImagePattern();

    [GeneratedRegex("@sha256:[0-9a-f]{64}")]
    private static partial Regex DigestPattern();
}
