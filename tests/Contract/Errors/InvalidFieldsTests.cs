using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Errors;

[Collection(SqliteService.CollectionName)]
public sealed class InvalidFieldsTests(SqliteService service)
{
    private static readonly string[] InvalidRanges =
    [
        // Forms that parsers disagree on, or that are no address.
        "10.1", "10", "10.1/16", "167772161", "0x0a.0.0.1", "010.0.0.1", "10.0.0.256", "10.0.0.1:80", "localhost", "",
        " ", " 10.0.0.1", "10.0.0.*", "*", "10.0.0.1-10.0.0.9", "[2001:db8::1]", "[2001:db8::1]:443", "[2001:db8::]/48",

        // IPv4 addresses that are mapped to IPv6, and IPv6 addresses with a scope.
        "::ffff:10.0.0.1", "::ffff:0:0/96", "::FFFF:A00:1/128", "fe80::1%2", "fe80::1%eth0", "fe80::%1/10",

        // Prefixes.
        "10.0.0.0/33", "2001:db8::/129", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/ 8", "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0", "10.1.0.1/16", "10.0.0.1/0", "10.0.0.255/31", "2001:db8::1/48",
    ];

    /// <summary>A member, an invalid value of it, and whether PATCH accepts the member.</summary>
    public static TheoryData<string, string, bool> InvalidMembers()
    {
        var data = new TheoryData<string, string, bool>();
        Add(data, "name", true, "null", "1", "true", "[]", "{}", "[\"a\"]", "\"\"", "\" \"", "\"\\t\"",
            "\"\\u00a0\\u2003\"", $"\"{new string('n', 129)}\"", "\"a\\u0000b\"", "\"a\\u0001\"", "\"a\\u007f\"",
            "\"a\\u0085\"", "\"a\\nb\"", "\"\\u001b[31m\"");
        Add(data, "description", true, "1", "false", "[]", "{}", $"\"{new string('d', 4001)}\"", "\"a\\u0000\"",
            "\"a\\u0007\"");
        Add(data, "provider_credential_ids", true, "null", "1", "\"a\"", "{}", "[1]", "[null]", "[[]]", "[\"\"]",
            "[\" \"]", "[\"a\\u0000\"]", $"[\"{new string('p', 256)}\"]",
            $"[{string.Join(',', Enumerable.Repeat("\"a\"", 101))}]");
        Add(data, "environment", false, "null", "0", "1", "\"\"", "\"staging\"", "\"0\"", "[]", "{}", "\"LIVE\"",
            "\"live \"", "\"live,test\"");
        Add(data, "principal_user_id", false, "1", "[]", "{}", "\"\"", "\" \"", $"\"{new string('u', 256)}\"",
            "\"a\\u0000\"");
        Add(data, "permissions", true, "null", "\"a\"", "{}", "[1]", "[null]", "[[]]", "[\"\"]", "[\" \"]",
            "[\"a b\"]", "[\"a*b\"]", "[\"*a\"]", "[\"**\"]", "[\"é\"]", "[\"a\\u007f\"]", "[\"a\\n\"]");
        Add(data, "external_id", true, "1", "[]", "{}", "true", "\"\"", "\" \"", "\"\\t\"", "\"a\\u0000\"",
            "\"a\\nb\"", $"\"{new string('e', 129)}\"");
        Add(data, "config", true, "1", "true", "[]", "\"a\"", "[{}]");
        Add(data, "allowed_ips", true, [.. InvalidRanges.Select(range => $"[\"{range}\"]"), "null", "\"10.0.0.1\"",
            "{}", "[null]", "[1]", "[[\"10.0.0.1\"]]", "[\"10.0.0.1\",\"\"]"]);
        return data;
    }

    [Theory]
    [MemberData(nameof(InvalidMembers))]
    public async Task An_invalid_member_is_422_naming_it_and_nothing_is_created_or_changed(
        string member, string value, bool canBePatched)
    {
        using var project = await service.CreateProjectAsync();
        var name = member == "name" ? "" : "\"name\":\"a\",";
        var body = $$"""{{{name}}"{{member}}":{{value}}}""";
        var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, body);
        ErrorAssert.IsError(response, 422, "validation_failed", naming: member);
        var list = await project.Client.ListAsync();
        Assert.Empty(list.Json.GetProperty("data").EnumerateArray());
        if (!canBePatched) return;

        var (id, _) = await project.Client.CreateAsync();
        var before = (await project.Client.GetAsync(id)).Body;
        var patch = $$"""{"{{member}}":{{value}}}""";
        response = await project.Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(id), patch);
        ErrorAssert.IsError(response, 422, "validation_failed", naming: member);
        Assert.Equal(before, (await project.Client.GetAsync(id)).Body);
    }

    [Fact]
    public async Task An_invalid_expiry_is_answered_with_the_forms_of_a_time()
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.SendCreateAsync("\"expires_at\":\"soon\"");
        ErrorAssert.IsError(response, 422, "validation_failed", naming: "a date, or a number of milliseconds");
    }

    [Theory]
    [InlineData("[]"), InlineData("null"), InlineData("1"), InlineData("\"a\""), InlineData("true")]
    [InlineData("[{\"name\":\"a\"}]")]
    public async Task A_JSON_body_that_is_not_an_object_is_422_on_every_endpoint(string body)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        foreach (var (method, path) in CallsWithBody.Create(id))
            ErrorAssert.IsError(await project.Client.SendTextAsync(method, path, body), 422, "validation_failed");
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"description":"a"}"""), InlineData("""{"purpose":"user"}""")]
    public async Task A_key_without_a_name_is_422(string body)
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, body);
        ErrorAssert.IsError(response, 422, "validation_failed", naming: "name");
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"name":null}"""), InlineData("""{"name":""}"""), InlineData("""{"name":" "}""")]
    [InlineData("""{"name":1}"""), InlineData("""{"name":"a\u0000"}"""), InlineData("""{"name":["a"]}""")]
    public async Task A_project_with_an_invalid_name_is_422(string body)
    {
        using var admin = service.CreateAdminClient();
        var response = await admin.SendTextAsync(HttpMethod.Post, Routes.Projects, body);
        ErrorAssert.IsError(response, 422, "validation_failed", naming: "name");
        var tooLong = await admin.SendAsync(HttpMethod.Post, Routes.Projects, new { name = new string('n', 256) });
        ErrorAssert.IsError(tooLong, 422, "validation_failed", naming: "name");
    }

    [Fact]
    public async Task Error_messages_do_not_echo_the_request()
    {
        using var project = await service.CreateProjectAsync();
        string[] bodies =
            ["{\"canary\"", "{\"environment\":\"canary\",\"name\":\"a\"}", "{\"name\":\"canary\\u0000\"}"];
        foreach (var body in bodies)
        {
            var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, body);
            ErrorAssert.IsWellFormed(response);
            Assert.DoesNotContain("canary", response.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static void Add(
        TheoryData<string, string, bool> data, string member, bool canBePatched, params string[] values)
    {
        foreach (var value in values) data.Add(member, value, canBePatched);
    }
}
