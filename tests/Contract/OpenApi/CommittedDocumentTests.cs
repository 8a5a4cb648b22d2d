using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.OpenApi;

[Collection(SqliteService.Storage)]
public sealed class CommittedDocumentTests(SqliteService service)
{
    /// <summary>Set it to write the document instead of comparing it, and review the difference.</summary>
    private const string UpdateVariable = "UPDATE_OPENAPI";

    private static readonly string Committed = Path.Combine(Repository.Root, "docs", "openapi", "v1.json");

    [Fact]
    public async Task The_committed_document_is_the_generated_one()
    {
        using var anyone = service.CreateStranger();
        var generated = (await anyone.SendAsync(HttpMethod.Get, "/openapi/v1.json")).Body.TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(UpdateVariable) is not null) await File.WriteAllTextAsync(Committed, generated);

        Assert.Equal(await File.ReadAllTextAsync(Committed), generated);
    }
}
