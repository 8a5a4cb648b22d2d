using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests.Release;

/// <summary><c>deploy/sbom.sh</c>, on the front end of this build.</summary>
public sealed class BillOfMaterialsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Project => Path.Combine(Repository.Root, "src", "Api", "KeysCluster.Api.csproj");

    private static string Dependencies => Path.ChangeExtension(Repository.GetProgramPath("Api"), ".deps.json");

    private string BillFile => Path.Combine(_folder.Root, "bom.json");

    [Fact]
    public async Task The_bill_of_a_host_lists_what_is_published_with_versions_and_hashes()
    {
        await WriteBillAsync();

        var bill = ReadBill();
        Assert.Equal("CycloneDX", (string?)bill["bomFormat"]);
        Assert.Equal("KeysCluster.Api", (string?)bill["metadata"]!["component"]!["name"]);
        var packages = bill["components"]!.AsArray().ToDictionary(component => (string)component!["name"]!);
        Assert.Contains("KeysCluster.Validation", packages.Keys);
        Assert.NotEmpty((string)packages["Npgsql"]!["hashes"]![0]!["content"]!);

        // Restored for the code generator, and not published.
        Assert.DoesNotContain("Microsoft.CodeAnalysis.Common", packages.Keys);

        var published = JsonNode.Parse(File.ReadAllText(Dependencies))!["libraries"]!.AsObject()
            .Where(library => (string?)library.Value!["type"] == "package").Select(library => library.Key.Split('/'));
        Assert.NotEmpty(published);
        Assert.All(published, library => Assert.Equal(library[1], (string?)packages[library[0]]!["version"]));
    }

    [Fact]
    public async Task A_package_that_the_lock_file_lacks_fails_the_check()
    {
        await WriteBillAsync();
        Assert.Equal(0, (await CheckAsync()).ExitCode);

        EditBill(components => components.Add(new JsonObject
        {
            ["type"] = "library",
            ["name"] = "Foreign.Package",
            ["version"] = "1.0.0",
            ["purl"] = "pkg:nuget/Foreign.Package@1.0.0",
        }));

        var (exitCode, output) = await CheckAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("Not in the lock file", output, StringComparison.Ordinal);
        Assert.Contains("foreign.package@1.0.0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_version_than_that_of_the_lock_file_fails_the_check()
    {
        await WriteBillAsync();
        EditBill(components => Find(components, "Npgsql")["purl"] = "pkg:nuget/Npgsql@9.0.0");

        var (exitCode, output) = await CheckAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("npgsql@9.0.0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_published_package_that_the_bill_lacks_fails_the_check()
    {
        await WriteBillAsync();
        EditBill(components => components.Remove(Find(components, "Npgsql")));

        var (exitCode, output) = await CheckAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("Published, but not in bom.json", output, StringComparison.Ordinal);
        Assert.Contains("npgsql@", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "lists no packages")]
    [InlineData("[{\"type\": \"library\", \"name\": \"No.Purl\"}]", "")]
    public async Task A_bill_without_packages_or_with_a_nameless_one_fails_the_check(string components, string message)
    {
        File.WriteAllText(
            BillFile, "{\"metadata\": {\"component\": {\"version\": \"1.0.0\"}}, \"components\": " + components + "}");

        var (exitCode, output) = await CheckAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static JsonObject Find(JsonArray components, string name) =>
        components.Single(component => (string?)component!["name"] == name)!.AsObject();

    private Task<string> WriteBillAsync() => ProgramRunner.RunSuccessfullyAsync(
        DeployFiles.GetPath("sbom.sh"), [Project, BillFile, Dependencies]);

    private Task<(int ExitCode, string Output)> CheckAsync() => ProgramRunner.RunAsync(
        DeployFiles.GetPath("sbom.sh"), ["--check", Project, BillFile, Dependencies]);

    private JsonNode ReadBill() => JsonNode.Parse(File.ReadAllText(BillFile))!;

    private void EditBill(Action<JsonArray> edit)
    {
        var bill = ReadBill();
        edit(bill["components"]!.AsArray());
        File.WriteAllText(BillFile, bill.ToJsonString(JsonSerializerOptions.Default));
    }
}
