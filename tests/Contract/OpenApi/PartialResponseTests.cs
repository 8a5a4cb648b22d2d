using KeysCluster.Contract.Tests.Projects;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.OpenApi;

/// <summary>What callers with few permissions receive is documented, in addition to the complete response.</summary>
[Collection(SqliteService.CollectionName)]
public sealed class PartialResponseTests(SqliteService service)
{
    private const string ProjectPath = Routes.Projects + "/{id}";

    [Fact]
    public async Task A_verdict_without_the_record_of_the_key_is_documented()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret, _) = await project.CreateAsync("\"external_id\":\"e\"");
        var (_, _, verifier) = await service.CreateApiKeyAsync(project.Id, ["virtualKeys:verify"]);
        using var client = verifier;

        var verdict = await client.SendVerifyAsync(secret);

        Assert.Equal(id, Text(verdict.Json, "virtual_key_id"));
        Assert.Equal(JsonValueKind.Null, verdict.Json.GetProperty("virtual_key").ValueKind);
        var schema = await DocumentedSchema.OfResponseAsync(service, Routes.Verify, "post");
        Assert.Empty(schema.GetViolations(verdict.Body));
    }

    [Fact]
    public async Task The_secrets_of_an_API_key_without_its_project_are_documented()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var rotatePath = Routes.RotateApiKey(project.Id);
        var complete = await admin.SendAsync(HttpMethod.Post, rotatePath);
        await admin.SendAsync(HttpMethod.Post, rotatePath);
        var retiring = complete.Project.GetProperty("retiring_api_keys")[0];
        using var current = await RotateAndNarrowAsync(admin, project.Id, ["apiKeys:manage"]);

        var deadline = new { valid_until = Timestamps.FromNow(TimeSpan.FromHours(1)) };
        var one = Routes.RetiringApiKey(project.Id, Text(retiring, "id"));
        var changed = await current.SendAsync(HttpMethod.Patch, one, deadline);
        var expired = await current.SendAsync(HttpMethod.Delete, one);
        var rotated = await current.SendAsync(HttpMethod.Post, rotatePath);
        using var next = service.Process.CreateClient(Text(rotated.Json, "api_key"));
        var expiredAll = await next.SendAsync(HttpMethod.Delete, Routes.RetiringApiKeys(project.Id));

        const string onePath = ProjectPath + "/retiring-api-keys/{secret_id}";
        await AssertDocumentedAsync(changed, onePath, "patch", "ProjectResponse");
        await AssertDocumentedAsync(expired, onePath, "delete", "ProjectResponse");
        await AssertDocumentedAsync(expiredAll, ProjectPath + "/retiring-api-keys", "delete", "ProjectResponse");
        const string rotation = ProjectPath + "/rotate-api-key";
        await AssertDocumentedAsync(rotated, rotation, "post", "ProjectWithApiKeyResponse");
        var schema = await DocumentedSchema.OfResponseAsync(service, rotation, "post");
        Assert.Empty(schema.GetViolations(complete.Body));
        Assert.NotEmpty(schema.GetViolations(expired.Body));
    }

    /// <summary>Asserts that a response is documented, and is not the complete one.</summary>
    private async Task AssertDocumentedAsync(ApiResponse response, string path, string method, string complete)
    {
        response.EnsureStatus(HttpStatusCode.OK);
        var schema = await DocumentedSchema.OfResponseAsync(service, path, method);
        Assert.Empty(schema.GetViolations(response.Body));
        Assert.NotEmpty((await DocumentedSchema.OfComponentAsync(service, complete)).GetViolations(response.Body));
    }

    private async Task<KeysClient> RotateAndNarrowAsync(KeysClient admin, string project, string[] permissions)
    {
        var rotated = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project));
        var patched = await admin.SendAsync(
            HttpMethod.Patch, Routes.ApiKey(project, Text(rotated.Json, "serviceApiKeyId")), new { permissions });
        patched.EnsureStatus(HttpStatusCode.OK);
        return service.Process.CreateClient(Text(rotated.Json, "api_key"));
    }
}
