using System.Text;
using KeysCluster.Contract.Tests.Authentication;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Errors;

[Collection(SqliteService.CollectionName)]
public sealed class MalformedJsonTests(SqliteService service)
{
    public static TheoryData<string> MalformedBodies() =>
    [
        " ", "{", "}", "\"", "\0", "nothing", "name=a", "{name:\"a\"}", "{'name':'a'}", "{\"name\":nul}",
        "{\"name\":\"a\"", "{\"name\":\"a\"}}", "{\"name\":\"a\"} x", "{\"name\":\"a\"}{}", "{\"name\":\"a\",}",
        "{\"name\":\"a\",\"name\":\"b\"}", "{\"x\":{\"y\":1,\"y\":2},\"name\":\"a\"}",
        "{\"name\":\"a\",\"na\\u006de\":\"b\"}", "{\"name\":\"\\x41\"}", "{\"name\":\"a\nb\"}",
        "{\"name\":\"a\"} // comment", "{\"name\":NaN}", "{\"name\":01}", "{\"\\ud800\":1,\"name\":\"a\"}",
        "{\"name\":" + new string('[', 5000),
        "{\"name\":\"a\",\"x\":" + new string('[', 200) + new string(']', 200) + "}",
    ];

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task A_body_that_is_not_JSON_is_400_on_every_endpoint(string body)
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        using var admin = service.CreateAdminClient();
        foreach (var operation in OperationTable.All)
        {
            var caller = operation.Admin ? admin : project.Client;
            var path = operation.GetPath(project.Id, id);
            ErrorAssert.IsError(
                await caller.SendTextAsync(operation.HttpMethod, path, body), 400, "malformed_json");
        }

        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task An_empty_body_is_400_where_members_are_required()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        (HttpMethod, string)[] calls =
        [
            (HttpMethod.Post, Routes.VirtualKeys), (HttpMethod.Post, Routes.Verify),
            (HttpMethod.Patch, Routes.VirtualKey(id)),
        ];
        foreach (var (method, path) in calls)
            ErrorAssert.IsError(await project.Client.SendTextAsync(method, path, ""), 400, "malformed_json");
    }

    [Fact]
    public async Task A_duplicate_member_is_reported_as_a_duplicate()
    {
        using var project = await service.CreateProjectAsync();
        const string body = """{"name":"a","name":"b"}""";
        var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, body);
        ErrorAssert.IsError(response, 400, "malformed_json", naming: "appears twice");
    }

    [Theory]
    [InlineData(new byte[] { 0xff }), InlineData(new byte[] { 0xc3, 0x28 }), InlineData(new byte[] { 0xc0, 0xaf })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 }), InlineData(new byte[] { 0xf4, 0x90, 0x80, 0x80 })]
    public async Task Invalid_UTF_8_is_400_in_values_and_in_member_names(byte[] bytes)
    {
        using var project = await service.CreateProjectAsync();
        byte[][] bodies =
        [
            [.. "{\"name\":\""u8, .. bytes, .. "\"}"u8],
            [.. "{\"name\":\"a\",\"description\":\""u8, .. bytes, .. "\"}"u8],
            [.. "{\"name\":\"a\",\""u8, .. bytes, .. "\":1}"u8],
            [.. "{\"name\":\"a\",\"unknown\":\""u8, .. bytes, .. "\"}"u8],
        ];
        foreach (var body in bodies)
        {
            var response = await project.Client.SendBytesAsync(HttpMethod.Post, Routes.VirtualKeys, body);
            ErrorAssert.IsError(response, 400, "malformed_json");
        }
    }

    [Theory]
    [InlineData("\\ud800"), InlineData("\\udc00"), InlineData("a\\ud83d"), InlineData("\\udd11\\ud83d")]
    public async Task An_unpaired_surrogate_is_refused_in_every_string(string surrogate)
    {
        using var project = await service.CreateProjectAsync();
        string[] bodies =
        [
            $$"""{"name":"{{surrogate}}"}""", $$"""{"name":"a","description":"{{surrogate}}"}""",
            $$"""{"name":"a","principal_user_id":"{{surrogate}}"}""",
            $$"""{"name":"a","provider_credential_ids":["{{surrogate}}"]}""",
            $$"""{"name":"a","environment":"{{surrogate}}"}""", $$"""{"name":"a","{{surrogate}}":1}""",
        ];
        foreach (var body in bodies)
        {
            var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, body);
            Assert.Contains((int)response.Status, new[] { 400, 422 });
            ErrorAssert.IsWellFormed(response);
        }

        var secret = $$"""{"secret":"{{surrogate}}"}""";
        var verdict = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Verify, secret);
        Assert.Contains((int)verdict.Status, new[] { 200, 400, 422 });
    }

    [Fact]
    public async Task A_body_with_a_byte_order_mark_is_400()
    {
        using var project = await service.CreateProjectAsync();
        Encoding[] encodings = [new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32];
        foreach (var encoding in encodings)
        {
            byte[] body = [.. encoding.GetPreamble(), .. encoding.GetBytes("""{"name":"a"}""")];
            var response = await project.Client.SendBytesAsync(HttpMethod.Post, Routes.VirtualKeys, body);
            ErrorAssert.IsError(response, 400, "malformed_json");
        }
    }
}
