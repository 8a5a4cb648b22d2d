using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Rotation;

/// <summary>The ways in which existing clients request a rotation.</summary>
[Collection(SqliteService.CollectionName)]
public sealed class RotateRequestTests(SqliteService service)
{
    [Fact]
    public async Task An_empty_body_with_a_JSON_content_type_rotates() =>
        await AssertRotatesAsync((client, id) => client.RotateAsync(id));

    [Fact]
    public async Task A_request_without_content_type_and_body_rotates() =>
        await AssertRotatesAsync((client, id) => client.SendAsync(HttpMethod.Post, Routes.Rotate(id)));

    [Fact]
    public async Task An_empty_chunked_body_rotates() =>
        await AssertRotatesAsync((client, id) => client.SendChunkedAsync(HttpMethod.Post, Routes.Rotate(id), []));

    [Theory]
    [InlineData("{}", "application/json"), InlineData("{}", "application/json; charset=utf-8")]
    [InlineData(" {\n} ", "application/json"), InlineData("{}", "APPLICATION/JSON")]
    [InlineData("{}", null), InlineData("", null)]
    public async Task An_empty_JSON_object_rotates(string body, string? contentType) =>
        await AssertRotatesAsync(
            (client, id) => client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), body, contentType));

    [Fact]
    public async Task A_percent_encoded_id_identifies_the_same_key()
    {
        await AssertRotatesAsync((client, id) => client.RotateAsync(id.Replace("_", "%5F", StringComparison.Ordinal)));
        await AssertRotatesAsync((client, id) => client.RotateAsync(string.Concat(id.Select(c => $"%{(int)c:X2}"))));
    }

    private async Task AssertRotatesAsync(Func<KeysClient, string, Task<ApiResponse>> rotate)
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var response = await rotate(project.Client, id);
        response.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("no-store", response.Headers["Cache-Control"]);
        Assert.NotEqual(first, response.Secret);
        Assert.Equal("active", await project.Client.VerifyAsync(response.Secret));
        Assert.Equal("retiring", await project.Client.VerifyAsync(first));
    }
}
