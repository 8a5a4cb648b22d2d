using KeysCluster.Contract.Services;
using KeysCluster.TestKit;

namespace KeysCluster.Contract.OpenApi;

[Collection(SqliteService.CollectionName)]
public sealed class CommittedOpenApiDocumentTests(SqliteService service)
{
    /// <summary>Set it to write the document instead of comparing it, and review the difference.</summary>
    private const string UpdateVariable = "UPDATE_OPENAPI";

    private static readonly string CommittedPath = Path.Combine(Repository.Root, "docs", "openapi", "v1.json");

    [Fact]
    public async Task The_committed_document_matches_the_generated_one()
    {
        using var anyone = service.CreateAnonymousClient();
        var generated = (await anyone.SendAsync(HttpMethod.Get, "/openapi/v1.json")).Body.TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(UpdateVariable) is not null) await File.WriteAllTextAsync(CommittedPath, generated);

        Assert.Equal(await File.ReadAllTextAsync(CommittedPath), generated);
    }
}
