using System.Text;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

/// <summary>
/// The requests of LangWatch's CLI, versions 0.28 and 1.8, and of its SDKs: their bodies byte by byte, and those of
/// their headers that a server reads.
/// </summary>
[Collection(SqliteService.CollectionName)]
public sealed class LangWatchRequestTests(SqliteService service)
{
    [Theory]
    [InlineData("""{"name":"ci","environment":"live","principal_user_id":null,"provider_credential_ids":["p1"]}""")]
    [InlineData(
        """
        {"name":"ci","description":"d","environment":"test","principal_user_id":"u","provider_credential_ids":["p","q"]}
        """)]
    [InlineData("""{"name":"ci","principal_user_id":null,"trace_project_id":null,"routing_policy_id":null}""")]
    [InlineData("""{"name":"ci","description":"d","principal_user_id":"user_1","trace_project_id":null"""
        + ""","routing_policy_id":null"""
        + ""","routing_mode":"none","scopes":[{"scope_type":"project","scope_id":"{project}"}]"""
        + ""","config":{"providersAllowed":["a","b"]}}""")]
    [InlineData("""{"name":"ci"}""")]
    [InlineData("""{"name":"ci","principal_user_id":null,"scopes":[],"trace_project_id":null"""
        + ""","routing_policy_id":null,"routing_mode":"none","expires_at":"2100-01-01T00:00:00.000Z","budget":null"""
        + ""","config":{},"external_id":null,"metadata":{},"purpose":"user"}""")]
    [InlineData("""{"name":"ci","external_id":"tenant-7","metadata":{"tier":"gold","note":""}"""
        + ""","expires_at":4102444800000,"config":{"modelsAllowed":null,"cache":{"mode":"force","ttlS":60}"""
        + ""","rateLimits":{"rpm":1,"tpm":null}}}""")]
    public async Task A_create_is_accepted(string body)
    {
        using var project = await service.CreateProjectAsync();
        body = body.Replace("{project}", project.Id, StringComparison.Ordinal);
        var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, body);
        response.EnsureStatus(HttpStatusCode.Created);
        AssertVirtualKeyShape(response.VirtualKey);
        Assert.Equal("active", await project.Client.VerifyAsync(response.Secret));
    }

    [Theory]
    [InlineData("""{"name":"renamed"}"""), InlineData("""{"description":"d"}""")]
    [InlineData("""{"description":null}""")]
    [InlineData("""{"provider_credential_ids":["a","b"]}"""), InlineData("""{"config":{"model_aliases":{"a":"b"}}}""")]
    [InlineData("""{"scopes":[{"scope_type":"project","scope_id":"{project}"}]}""")]
    [InlineData("""{"trace_project_id":null}"""), InlineData("""{"routing_policy_id":null}""")]
    [InlineData("""{"routing_mode":"none"}"""), InlineData("""{"budget":null}"""), InlineData("{}")]
    [InlineData("""{"expires_at":null,"external_id":null,"metadata":{}}""")]
    [InlineData("""{"expires_at":"2100-01-01","external_id":"tenant-7","metadata":{"tier":"gold"}}""")]
    public async Task An_update_is_accepted(string body)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        body = body.Replace("{project}", project.Id, StringComparison.Ordinal);
        var response = await project.Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(id), body);
        response.EnsureStatus(HttpStatusCode.OK);
        AssertVirtualKeyShape(response.VirtualKey);
    }

    /// <summary>Flags of the CLI whose effect this service does not have. Nothing is changed.</summary>
    [Theory]
    [InlineData("""{"budget":{"limit_usd":"25","window":"month","on_breach":"block"}}""", "budget")]
    [InlineData("""{"routing_mode":"fallback_all"}""", "routing_mode")]
    [InlineData("""{"routing_mode":"policy","routing_policy_id":"rp_1"}""", "routing_mode")]
    [InlineData("""{"routing_policy_id":"rp_1"}""", "routing_policy_id")]
    [InlineData("""{"trace_project_id":"project_1"}""", "trace_project_id")]
    [InlineData("""{"scopes":[{"scope_type":"team","scope_id":"team_1"}]}""", "scopes")]
    public async Task An_update_that_would_not_be_kept_is_refused(string body, string member)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var before = (await project.GetKeyAsync(id)).ToString();
        var refused = await project.Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(id), body);
        ErrorAssert.IsError(refused, 422, "unsupported_member", naming: member);
        Assert.Equal(before, (await project.GetKeyAsync(id)).ToString());
    }

    [Theory]
    [InlineData("""{"name":"ci","principal_user_id":null,"trace_project_id":null,"routing_policy_id":null"""
        + ""","budget":{"limit_usd":"25","window":"month","on_breach":"block"}}""", "budget")]
    [InlineData("""{"name":"ci","principal_user_id":null,"trace_project_id":null,"routing_policy_id":null"""
        + ""","routing_mode":"fallback_all"}""", "routing_mode")]
    [InlineData("""{"name":"ci","principal_user_id":null,"trace_project_id":"project_1"}""", "trace_project_id")]
    public async Task A_create_that_would_not_be_kept_is_refused(string body, string member)
    {
        using var project = await service.CreateProjectAsync();
        var refused = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, body);
        ErrorAssert.IsError(refused, 422, "unsupported_member", naming: member);
        Assert.Empty(await project.ListKeysAsync());
    }

    /// <summary>The TypeScript clients send an empty body with a content type, the Python client without one.</summary>
    [Theory]
    [InlineData("application/json"), InlineData(null)]
    public async Task A_rotate_a_revoke_and_an_enable_without_a_body_are_accepted(string? contentType)
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var rotated = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), "", contentType);
        rotated.EnsureStatus(HttpStatusCode.OK);
        AssertVirtualKeyShape(rotated.VirtualKey);
        Assert.NotEqual(secret, rotated.Secret);
        (await project.Client.DisableAsync(id)).EnsureStatus(HttpStatusCode.OK);
        var enabled = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Enable(id), "", contentType);
        enabled.EnsureStatus(HttpStatusCode.OK);
        AssertVirtualKeyShape(enabled.VirtualKey);
        Assert.Equal("active", Text(enabled.VirtualKey, "status"));
        var revoked = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Revoke(id), "", contentType);
        revoked.EnsureStatus(HttpStatusCode.OK);
        AssertVirtualKeyShape(revoked.VirtualKey);
        Assert.Equal("revoked", Text(revoked.VirtualKey, "status"));
        Assert.NotNull(Timestamp(revoked.VirtualKey, "revoked_at"));
    }

    [Theory]
    [InlineData("{}", null), InlineData("""{"reason":"leaked"}""", "leaked")]
    public async Task A_disable_is_accepted(string body, string? reason)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Disable(id), body);
        response.EnsureStatus(HttpStatusCode.OK);
        AssertVirtualKeyShape(response.VirtualKey);
        Assert.Equal("disabled", Text(response.VirtualKey, "status"));
        Assert.Equal(reason, TextOrNull(response.VirtualKey, "disabled_reason"));
    }

    [Fact]
    public async Task A_get_and_a_list_with_a_content_type_and_no_body_are_accepted()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var read = await project.Client.SendTextAsync(HttpMethod.Get, Routes.VirtualKey(id), "");
        read.EnsureStatus(HttpStatusCode.OK);
        AssertVirtualKeyShape(read.VirtualKey);
        Assert.Equal(id, Text(read.VirtualKey, "id"));
        foreach (var query in new[] { "", "?limit=200", "?external_id=tenant-7&limit=200" })
        {
            var list = await project.Client.SendTextAsync(HttpMethod.Get, Routes.VirtualKeys + query, "");
            list.EnsureStatus(HttpStatusCode.OK);
            Assert.Null(TextOrNull(list.Json, "next_cursor"));
            var keys = list.Json.GetProperty("data").EnumerateArray().ToArray();
            Assert.Equal(query.Contains("external_id", StringComparison.Ordinal) ? 0 : 1, keys.Length);
            Assert.All(keys, AssertVirtualKeyShape);
        }
    }

    [Fact]
    public async Task A_walk_over_pages_of_200_lists_every_key()
    {
        using var project = await service.CreateProjectAsync();
        var keys = await project.Client.CreateManyAsync(201);
        var first = await project.ListAsync("?limit=200");
        Assert.Equal(200, first.GetProperty("data").GetArrayLength());
        var cursor = Uri.EscapeDataString(Text(first, "next_cursor"));
        var second = await project.ListAsync($"?cursor={cursor}&limit=200");
        Assert.Null(TextOrNull(second, "next_cursor"));
        var listed = first.GetProperty("data").EnumerateArray().Concat(second.GetProperty("data").EnumerateArray());
        Assert.Equal(keys.Select(key => key.Id).Order(), listed.Select(key => Text(key, "id")).Order());
        Assert.All(listed, AssertVirtualKeyShape);
    }

    /// <summary>The Python client sends the key in two headers, and the project if it is configured.</summary>
    [Fact]
    public async Task The_headers_of_the_SDKs_are_accepted()
    {
        using var project = await service.CreateProjectAsync();
        using var anonymous = service.CreateAnonymousClient();
        var bearer = ("Authorization", $"Bearer {project.ApiKey}");
        var token = ("X-Auth-Token", project.ApiKey);
        var projectId = ("X-Project-Id", project.Id);
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{project.Id}:{project.ApiKey}"));
        (string, string)[][] sets =
        [
            [bearer, projectId], [bearer, projectId, ("User-Agent", "langwatch-cli/1.8.0")],
            [bearer, token, projectId], [("Authorization", $"Basic {basic}"), projectId],
        ];
        foreach (var headers in sets)
        {
            var response = await anonymous.GetWithHeadersAsync(Routes.VirtualKeys, headers);
            response.EnsureStatus(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData(""), InlineData("?from=0&to=1767225600000")]
    public async Task The_spend_of_a_key_is_412_as_without_a_source_of_costs(string query)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();

        var response = await project.Client.SendAsync(HttpMethod.Get, $"{Routes.VirtualKey(id)}/spend{query}");

        ErrorAssert.IsError(response, 412, "spend_source_unavailable");
    }

    [Fact]
    public async Task The_spend_of_an_unknown_key_is_404()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        var (id, _) = await other.Client.CreateAsync();
        foreach (var key in new[] { id, "vk_nope" })
        {
            var response = await project.Client.SendAsync(HttpMethod.Get, $"{Routes.VirtualKey(key)}/spend");
            ErrorAssert.IsError(response, 404, "virtual_key_not_found");
        }
    }
}
