using System.Runtime.Versioning;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests.Release;

/// <summary><c>deploy/release.sh</c> in a repository of its own, which contains the files of this one.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReleaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => Path.Combine(_folder.Root, "output");

    [Fact, Trait("Speed", "slow")]
    public async Task A_release_has_packages_hosts_bills_of_materials_pinned_sources_and_checksums()
    {
        var source = await CreateRepositoryAsync();
        using var advisories = FakeAdvisories.CreateFor("a-package-of-nobody");

        var (exitCode, output) = await ReleaseAsync(source, advisories);
        Assert.True(exitCode == 0, output);

        string[] packages =
        [
            "KeysCluster.Cli", "KeysCluster.Client", "KeysCluster.Grains.Abstractions", "KeysCluster.Security",
            "KeysCluster.Validation",
        ];
        string[] hosts = ["KeysCluster.Api", "KeysCluster.Silo"];
        var version = await GetVersionAsync(source);
        IEnumerable<string> expected =
        [
            "SHA256SUMS", $"keyscluster-{version}.tar.gz",
            .. packages.Select(name => $"{name}.{version}.nupkg"),
            .. hosts.Select(name => $"{name}-{version}.tar.gz"),
            .. packages.Concat(hosts).Select(name => $"{name}-{version}.cdx.json"),
        ];
        Assert.Equal(expected.Order(), Directory.GetFiles(Output).Select(Path.GetFileName).Order());

        var sums = await File.ReadAllLinesAsync(Path.Combine(Output, "SHA256SUMS"));
        Assert.Equal(expected.Count() - 1, sums.Length);
        await ProgramRunner.RunSuccessfullyAsync("sha256sum", ["--check", "--strict", "SHA256SUMS"], folder: Output);

        var dockerfile = await ReadArchiveAsync(
            $"keyscluster-{version}.tar.gz", $"keyscluster-{version}/deploy/docker/Dockerfile");
        Assert.Contains(
            $"postgres:17@{FakeRegistry.GetDigest("postgres:17")}",
            await ReadArchiveAsync($"keyscluster-{version}.tar.gz", $"keyscluster-{version}/deploy/compose.yaml"),
            StringComparison.Ordinal);
        Assert.DoesNotContain("FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS", dockerfile,
            StringComparison.Ordinal);
        foreach (var host in hosts)
        {
            var files = await ProgramRunner.RunSuccessfullyAsync(
                "tar", ["-tzf", Path.Combine(Output, $"{host}-{version}.tar.gz")]);
            Assert.Contains($"{host}-{version}/{host}.dll", files, StringComparison.Ordinal);
            Assert.DoesNotContain("Microsoft.CodeAnalysis", files, StringComparison.Ordinal);
        }

        Assert.Empty(await ProgramRunner.RunSuccessfullyAsync("git", ["status", "--porcelain"], folder: source));
        (exitCode, output) = await ReleaseAsync(source, advisories);
        Assert.Equal(1, exitCode);
        Assert.Contains("already exists", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_with_a_known_vulnerability_writes_nothing()
    {
        var source = await CreateRepositoryAsync();
        using var advisories = FakeAdvisories.CreateFor("npgsql");

        var (exitCode, output) = await ReleaseAsync(source, advisories);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("NU1901", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task Changes_that_are_not_committed_are_refused()
    {
        var source = await CreateRepositoryAsync();
        await File.AppendAllTextAsync(Path.Combine(source, "README.md"), "changed");
        using var advisories = FakeAdvisories.CreateEmpty();

        var (exitCode, output) = await ReleaseAsync(source, advisories);

        Assert.Equal(1, exitCode);
        Assert.Contains("not committed", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> GetVersionAsync(string source) => (await ProgramRunner.RunSuccessfullyAsync(
        "dotnet", ["msbuild", "src/Silo", "-getProperty:Version"], folder: source)).Trim();

    /// <summary>Commits the files of this repository, changed ones too, so the tests run before a commit.</summary>
    private async Task<string> CreateRepositoryAsync()
    {
        var files = await ProgramRunner.RunSuccessfullyAsync(
            "git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        var source = Path.Combine(_folder.Root, "source");
        foreach (var file in files.Split('\0', StringSplitOptions.RemoveEmptyEntries))
            if (File.Exists(Path.Combine(Repository.Root, file))) _folder.CopyFromRepository(file, "source");

        string[] identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
        await ProgramRunner.RunSuccessfullyAsync("git", ["init", "--quiet"], folder: source);
        await ProgramRunner.RunSuccessfullyAsync("git", ["add", "--all", "--force"], folder: source);
        await ProgramRunner.RunSuccessfullyAsync(
            "git", [.. identity, "commit", "--quiet", "--message", "Copy"], folder: source);
        return source;
    }

    private Task<(int ExitCode, string Output)> ReleaseAsync(string source, FakeAdvisories advisories)
    {
        var environment = _folder.CreateProgram("skopeo", FakeRegistry.Script);
        foreach (var (name, value) in advisories.Environment) environment[name] = value;
        return ProgramRunner.RunAsync(Path.Combine(source, "deploy", "release.sh"), [Output], environment, source);
    }

    private Task<string> ReadArchiveAsync(string archive, string file) =>
        ProgramRunner.RunSuccessfullyAsync("tar", ["-xzOf", Path.Combine(Output, archive), file]);
}
