using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.OpenApi;

[Collection(SqliteService.CollectionName)]
public sealed class CommittedOpenApiDocumentTests(SqliteService service)
{
    /// <summary>When this environment variable is set, the test writes the document before it compares.</summary>
    private const string UpdateVariable = "UPDATE_OPENAPI";

    private static readonly string CommittedPath = Path.Combine(Repository.Root, "docs", "openapi", "v1.json");

    [Fact]
    public async Task The_committed_document_matches_the_generated_one()
    {
        using var client = service.CreateAnonymousClient();
        var generated = (await client.SendAsync(HttpMethod.Get, "/openapi/v1.json")).Body.TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(UpdateVariable) is not null)
            await File.WriteAllTextAsync(CommittedPath, generated);

        Assert.Equal(await File.ReadAllTextAsync(CommittedPath), generated);
    }
}
