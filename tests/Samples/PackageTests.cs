using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;
using KeysCluster.TestKit;

namespace KeysCluster.Samples.Tests;

[Trait("Speed", "slow")]
public sealed class PackageTests(PackageFixture packages) : IClassFixture<PackageFixture>
{
    [Fact]
    public void Each_package_contains_the_assembly_its_documentation_and_a_readme()
    {
        foreach (var package in packages.Libraries)
        {
            Assert.Equal(
                [
                    $"{package.Id}.nuspec", "README.md",
                    $"lib/net10.0/{package.Id}.dll", $"lib/net10.0/{package.Id}.xml",
                ],
                package.Files.Order(StringComparer.Ordinal));
        }

        Assert.Contains("Unavailable", packages.Validation.ReadText("README.md"), StringComparison.Ordinal);
        Assert.Contains("T:KeysCluster.Validation.IVirtualKeyValidator", GetDocumentedMembers(packages.Validation));
        Assert.Contains("T:KeysCluster.Client.KeysClient", GetDocumentedMembers(packages.Client));
        Assert.Contains(
            "F:KeysCluster.VirtualKeys.VerdictCode.Unavailable", GetDocumentedMembers(packages.Abstractions));
    }

    [Fact]
    public void Each_package_declares_its_description_and_dependencies_but_no_license_or_URL()
    {
        foreach (var package in packages.Libraries)
        {
            Assert.Equal(package.Id, GetMetadata(package, "id"));
            Assert.Equal("README.md", GetMetadata(package, "readme"));
            Assert.NotEmpty(GetMetadata(package, "description")!);
            foreach (var absent in (string[])["license", "licenseUrl", "projectUrl", "iconUrl"])
                Assert.Null(GetMetadata(package, absent));
        }

        string[] dependencies = ["Microsoft.Orleans.Sdk", "SimpleBase", "System.IO.Hashing", "Ulid"];
        Assert.Equal(dependencies, packages.Abstractions.Dependencies.Order(StringComparer.Ordinal));

        // Pinning the versions of transitive packages makes them direct dependencies.
        Assert.Equal(
            new[] { "BitFaster.Caching", "Blake3", packages.Abstractions.Id, "Polly.Core" }.Concat(dependencies)
                .Order(StringComparer.Ordinal),
            packages.Validation.Dependencies.Order(StringComparer.Ordinal));
        Assert.Equal(
            ["Microsoft.Extensions.Http.Resilience", "Polly.Core"],
            packages.Client.Dependencies.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_assembly_embeds_its_symbols_and_no_paths_of_the_build_machine()
    {
        AssertReproducible(
            packages.Abstractions, "/_/src/Grains.Abstractions/VirtualKeys/IVirtualKeyGrain.cs");
        AssertReproducible(packages.Validation, "/_/src/Validation/IVirtualKeyValidator.cs");
        AssertReproducible(packages.Client, "/_/src/Client/KeysClient.cs");
    }

    [Fact]
    public async Task A_project_outside_the_repository_can_reference_and_use_the_package()
    {
        var output = await RunConsumerAsync("consumer", packages.Validation, """
            using KeysCluster.Validation;
            using KeysCluster.Validation.Hosting;
            using KeysCluster.VirtualKeys;
            using Microsoft.Extensions.DependencyInjection;
            using Orleans.Serialization;

            var id = VirtualKeyId.New(TimeProvider.System.GetUtcNow());
            var minted = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live);
            var isParsed = VirtualKeySecret.TryParse(minted.Reveal(), out var parsed);
            var isForged = VirtualKeySecret.TryParse("vk-lw-live_0", out _);
            Console.WriteLine($"{isParsed} {VirtualKeyId.FromSecret(parsed) == id} {isForged}");

            var services = new ServiceCollection().AddSerializer().AddVirtualKeyValidatorClient();
            var serializer = services.BuildServiceProvider().GetRequiredService<Serializer>();
            var verdict = new Verdict { Code = VerdictCode.Retiring, ValidUntil = DateTimeOffset.UnixEpoch };
            Console.WriteLine(serializer.Deserialize<Verdict>(serializer.SerializeToArray(verdict)));
            Console.WriteLine(services.Any(service => service.ServiceType == typeof(IVirtualKeyValidator)));
            """);

        Assert.Equal("True True False", output[0]);
        Assert.StartsWith("Verdict { Code = Retiring, Key = , ValidUntil = ", output[1], StringComparison.Ordinal);
        Assert.Equal("True", output[2]);
    }

    [Fact]
    public async Task A_project_outside_the_repository_can_call_the_REST_client()
    {
        var output = await RunConsumerAsync("client-consumer", packages.Client, """
            using KeysCluster.Client;
            using Microsoft.Extensions.DependencyInjection;

            var services = new ServiceCollection();
            services.AddKeysClient(options => options.ApiKey = "sk-lw-a");
            var keys = services.BuildServiceProvider().GetRequiredService<KeysClient>();
            try
            {
                var key = new CreateVirtualKey { Name = "checkout" };
                await keys.VirtualKeys.CreateAsync(key, cancellationToken: new CancellationToken(canceled: true));
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine("canceled");
            }
            """);

        Assert.Equal("canceled", output[0]);
    }

    [Fact]
    public async Task The_command_line_is_a_tool_that_dotnet_installs()
    {
        Assert.Contains("README.md", packages.CommandLine.Files);
        await packages.RunDotnetAsync(
            "tool", "install", packages.CommandLine.Id, "--version", packages.CommandLine.Version,
            "--tool-path", "tools");

        var environment = new Dictionary<string, string?>
        {
            ["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath),
        };
        var version = await ProgramRunner.RunSuccessfullyAsync(
            packages.GetPath("tools/keys"), ["--version"], environment);
        var script = await ProgramRunner.RunSuccessfullyAsync(
            packages.GetPath("tools/keys"), ["completion", "bash"], environment);

        Assert.StartsWith(packages.CommandLine.Version, version, StringComparison.Ordinal);
        Assert.Contains("complete -F _keys_complete keys", script, StringComparison.Ordinal);
    }

    /// <summary>Builds a program that references a package, runs it, and returns the lines of its output.</summary>
    private async Task<string[]> RunConsumerAsync(string name, NuGetPackage package, string program)
    {
        await packages.WriteFileAsync($"{name}/{name}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package.Id}" Version="{package.Version}" />
              </ItemGroup>
            </Project>
            """);
        await packages.WriteFileAsync($"{name}/Program.cs", program);
        await packages.RunDotnetAsync("build", name, "--nologo", "--verbosity", "quiet");
        return await packages.RunDotnetAsync("exec", $"{name}/bin/Debug/net10.0/{name}.dll");
    }

    private static HashSet<string> GetDocumentedMembers(NuGetPackage package) =>
    [
        .. XDocument.Parse(package.ReadText($"lib/net10.0/{package.Id}.xml")).Descendants("member")
            .Select(member => (string)member.Attribute("name")!),
    ];

    private static string? GetMetadata(NuGetPackage package, string name) =>
        package.Metadata.SingleOrDefault(element => element.Name.LocalName == name)?.Value;

    private static void AssertReproducible(NuGetPackage package, string source)
    {
        var assembly = package.ReadBytes($"lib/net10.0/{package.Id}.dll");
        using var image = new PEReader(new MemoryStream(assembly));
        var debug = image.ReadDebugDirectory();
        using var symbols = image.ReadEmbeddedPortablePdbDebugDirectoryData(
            debug.Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb));
        var reader = symbols.GetMetadataReader();
        var sources = reader.Documents
            .Select(document => reader.GetString(reader.GetDocument(document).Name))
            .ToList();

        Assert.Contains(source, sources);
        Assert.DoesNotContain(sources, path => path.StartsWith(Repository.Root, StringComparison.Ordinal));
        Assert.Equal(-1, assembly.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Repository.Root)));
        Assert.Contains(debug, entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }
}
