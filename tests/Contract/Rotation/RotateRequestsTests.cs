using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.Rotation;

/// <summary>The ways in which clients ask for a rotation.</summary>
public abstract class RotateRequestsTests(TestService service)
{
    [Fact]
    public async Task An_empty_body_with_a_JSON_content_type_rotates() =>
        await Rotates((client, id) => client.RotateAsync(id));

    [Fact]
    public async Task No_content_type_and_no_body_rotates() =>
        await Rotates((client, id) => client.SendAsync(HttpMethod.Post, Routes.Rotate(id)));

    [Fact]
    public async Task An_empty_chunked_body_rotates() =>
        await Rotates((client, id) => client.SendChunkedAsync(HttpMethod.Post, Routes.Rotate(id), []));

    [Theory]
    [InlineData("{}", "application/json"), InlineData("{}", "application/json; charset=utf-8"), InlineData(" {\n} ", "application/json")]
    [InlineData("{}", "APPLICATION/JSON"), InlineData("{}", null), InlineData("", null)]
    [InlineData("""{"unknown":[1,{"secret":"x"}],"id":7}""", "application/json")]
    public async Task A_JSON_object_rotates_whatever_unknown_members_it_has(string body, string? contentType) =>
        await Rotates((client, id) => client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), body, contentType));

    [Fact]
    public async Task An_id_in_URL_encoding_is_the_same_id()
    {
        await Rotates((client, id) => client.RotateAsync(id.Replace("_", "%5F", StringComparison.Ordinal)));
        await Rotates((client, id) => client.RotateAsync(string.Concat(id.Select(c => $"%{(int)c:X2}"))));
    }

    private async Task Rotates(Func<KeysClient, string, Task<Answer>> rotate)
    {
        using var project = await service.NewProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var answer = await rotate(project.Client, id);
        answer.Expect(HttpStatusCode.OK);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.NotEqual(first, answer.Secret);
        Assert.Equal("active", await project.Client.VerifyAsync(answer.Secret));
        Assert.Equal("retiring", await project.Client.VerifyAsync(first));
    }
}

[Collection(SqliteService.Storage)]
public sealed class RotateRequestsOnSqliteTests(SqliteService service) : RotateRequestsTests(service);

[Collection(PostgresService.Storage)]
public sealed class RotateRequestsOnPostgresTests(PostgresService service) : RotateRequestsTests(service);
