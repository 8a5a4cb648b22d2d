using System.Xml.Linq;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests.Release;

/// <summary>Known vulnerabilities of packages, and where packages come from.</summary>
public sealed class PackageAuditTests : IDisposable
{
    /// <summary>A package that the project below has through Orleans only.</summary>
    private const string TransitivePackage = "newtonsoft.json";

    private const string Project = "src/Grains.Abstractions/KeysCluster.Grains.Abstractions.csproj";

    private readonly TemporaryFolder _folder = new();
    private readonly string _project;

    public PackageAuditTests()
    {
        string[] files =
        [
            "Directory.Build.props", "Directory.Packages.props", "global.json", "src/Directory.Build.props",
            "src/Directory.Build.targets", "src/Grains.Abstractions/packages.lock.json",
        ];
        foreach (var file in files) _folder.CopyFromRepository(file);
        _project = _folder.CopyFromRepository(Project);
    }

    [Fact]
    public async Task A_vulnerability_of_any_severity_in_a_transitive_package_fails_the_audit()
    {
        using var advisories = FakeAdvisories.CreateFor(TransitivePackage);

        var (exitCode, output) = await AuditAsync(advisories);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("NU1901", output, StringComparison.Ordinal);
        Assert.Contains(TransitivePackage, output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_audit_without_vulnerabilities_succeeds()
    {
        using var advisories = FakeAdvisories.CreateFor("a-package-of-nobody");

        var (exitCode, output) = await AuditAsync(advisories);

        Assert.True(exitCode == 0, output);
        Assert.Contains("No known vulnerabilities", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audit_without_a_source_of_advisories_fails()
    {
        using var mirror = FakeAdvisories.CreateMirror();
        using var unreachable = FakeAdvisories.CreateUnreachable();

        var (mirrorExitCode, mirrorOutput) = await AuditAsync(mirror);
        var (unreachableExitCode, unreachableOutput) = await AuditAsync(unreachable);

        Assert.NotEqual(0, mirrorExitCode);
        Assert.Contains("NU1905", mirrorOutput, StringComparison.Ordinal);
        Assert.NotEqual(0, unreachableExitCode);
        Assert.Contains("NU1900", unreachableOutput, StringComparison.Ordinal);
    }

    /// <summary>A build of today must not fail tomorrow, nor without a network.</summary>
    [Fact]
    public async Task Neither_a_vulnerability_nor_an_unreachable_source_fails_a_build()
    {
        using var advisories = FakeAdvisories.CreateFor(TransitivePackage);
        using var unreachable = FakeAdvisories.CreateUnreachable();

        Assert.Contains("warning NU1901", await RestoreAsync(advisories), StringComparison.Ordinal);
        Assert.Contains("warning NU1900", await RestoreAsync(unreachable), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nuget.config")]
    [InlineData("deploy/audit.nuget.config")]
    public void Packages_come_from_one_source(string file)
    {
        var configuration = XDocument.Load(Path.Combine(Repository.Root, file)).Root!;
        var source = Assert.Single(configuration.Element("packageSources")!.Elements("add"));
        var mapping = Assert.Single(configuration.Element("packageSourceMapping")!.Elements("packageSource"));

        Assert.Equal("https://api.nuget.org/v3/index.json", (string?)source.Attribute("value"));
        Assert.Equal((string?)source.Attribute("key"), (string?)mapping.Attribute("key"));
        Assert.Equal("*", (string?)Assert.Single(mapping.Elements()).Attribute("pattern"));
    }

    public void Dispose() => _folder.Dispose();

    private Task<(int ExitCode, string Output)> AuditAsync(FakeAdvisories advisories) =>
        ProgramRunner.RunAsync(DeployFiles.GetPath("audit.sh"), [_project], advisories.Environment);

    private Task<string> RestoreAsync(FakeAdvisories advisories) => ProgramRunner.RunSuccessfullyAsync(
        "dotnet",
        ["restore", _project, "--locked-mode", "--force", "--configfile", advisories.Configuration],
        advisories.Environment);
}
