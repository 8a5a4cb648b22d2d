using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;
using KeysCluster.TestKit;

namespace KeysCluster.Samples.Tests;

public sealed class PackageTests(PackageFixture package) : IClassFixture<PackageFixture>
{
    [Fact]
    public void The_package_contains_the_assembly_its_documentation_and_a_readme()
    {
        var files = package.Files.Where(file => !file.StartsWith("_rels/", StringComparison.Ordinal)
            && !file.StartsWith("package/", StringComparison.Ordinal) && file != "[Content_Types].xml");
        Assert.Equal(
            [
                "KeysCluster.Grains.Abstractions.nuspec", "README.md",
                "lib/net10.0/KeysCluster.Grains.Abstractions.dll", "lib/net10.0/KeysCluster.Grains.Abstractions.xml",
            ],
            files.Order(StringComparer.Ordinal));

        Assert.Contains("Unavailable", package.ReadText("README.md"), StringComparison.Ordinal);
        var documented = XDocument.Parse(package.ReadText("lib/net10.0/KeysCluster.Grains.Abstractions.xml"))
            .Descendants("member").Select(member => (string)member.Attribute("name")!).ToHashSet();
        Assert.Contains("T:KeysCluster.VirtualKeys.IVirtualKeyValidator", documented);
        Assert.Contains("F:KeysCluster.VirtualKeys.VerdictCode.Unavailable", documented);
    }

    [Fact]
    public void The_package_declares_its_description_and_dependencies_but_no_license_or_URL()
    {
        var metadata = XDocument.Parse(package.ReadText("KeysCluster.Grains.Abstractions.nuspec")).Root!.Elements().Single();
        string? Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

        Assert.Equal("KeysCluster.Grains.Abstractions", Value("id"));
        Assert.Equal("README.md", Value("readme"));
        Assert.StartsWith("Validates virtual keys", Value("description"), StringComparison.Ordinal);
        foreach (var unclaimed in (string[])["license", "licenseUrl", "projectUrl", "iconUrl"]) Assert.Null(Value(unclaimed));
        Assert.Equal(
            ["BitFaster.Caching", "Blake3", "Microsoft.Orleans.Sdk", "SimpleBase", "System.IO.Hashing", "Ulid"],
            metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
                .Select(dependency => (string)dependency.Attribute("id")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_assembly_embeds_its_symbols_and_no_paths_of_the_build_machine()
    {
        var assembly = package.ReadBytes("lib/net10.0/KeysCluster.Grains.Abstractions.dll");
        using var image = new PEReader(new MemoryStream(assembly));
        var debug = image.ReadDebugDirectory();
        using var symbols = image.ReadEmbeddedPortablePdbDebugDirectoryData(
            debug.Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb));
        var reader = symbols.GetMetadataReader();
        var sources = reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name)).ToList();

        Assert.Contains("/_/src/Grains.Abstractions/VirtualKeys/IVirtualKeyValidator.cs", sources);
        Assert.DoesNotContain(sources, source => source.StartsWith(Repository.Root, StringComparison.Ordinal));
        Assert.Equal(-1, assembly.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Repository.Root)));
        Assert.Contains(debug, entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    [Fact]
    public async Task A_project_outside_the_repository_can_reference_and_use_the_package()
    {
        await package.WriteFileAsync("consumer/consumer.csproj", $"""
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
                <PackageReference Include="KeysCluster.Grains.Abstractions" Version="{package.Version}" />
              </ItemGroup>
            </Project>
            """);
        await package.WriteFileAsync("consumer/Program.cs", """
            using KeysCluster;
            using KeysCluster.VirtualKeys;
            using Microsoft.Extensions.DependencyInjection;
            using Orleans.Serialization;

            var id = VirtualKeyId.New(TimeProvider.System.GetUtcNow());
            var minted = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live);
            var isRead = VirtualKeySecret.TryParse(minted.Reveal(), out var read);
            Console.WriteLine($"{isRead} {VirtualKeyId.OwnerOf(read) == id} {VirtualKeySecret.TryParse("vk-lw-live_0", out _)}");

            var services = new ServiceCollection().AddSerializer().AddVirtualKeyValidatorClient();
            var serializer = services.BuildServiceProvider().GetRequiredService<Serializer>();
            var bytes = serializer.SerializeToArray(new Verdict { Code = VerdictCode.Retiring, ValidUntil = DateTimeOffset.UnixEpoch });
            Console.WriteLine(serializer.Deserialize<Verdict>(bytes));
            Console.WriteLine(services.Any(service => service.ServiceType == typeof(IVirtualKeyValidator)));
            """);

        // From the package's folder and what this repository has restored: no network, and no trace in the user's folders.
        await package.RunDotnetAsync(
            "build", "consumer", "--nologo", "--verbosity", "quiet", "--source", package.Folder,
            "-p:RestorePackagesPath=" + package.GetPath("restored"), "-p:RestoreFallbackFolders=" + PackageFixture.NuGetPackagesFolder);
        var output = await package.RunDotnetAsync("exec", "consumer/bin/Debug/net10.0/consumer.dll");

        Assert.Equal("True True False", output[0]);
        Assert.StartsWith("Verdict { Code = Retiring, Key = , ValidUntil = ", output[1], StringComparison.Ordinal);
        Assert.Equal("True", output[2]);
    }
}
