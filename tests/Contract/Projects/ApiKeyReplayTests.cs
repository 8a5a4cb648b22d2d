using KeysCluster.Contract.Tests.Authentication;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Idempotency;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Projects;

/// <summary>An API key that rotated itself and lost the response repeats the request with its old secret.</summary>
[Collection(SqliteService.CollectionName)]
public sealed class ApiKeyReplayTests(SqliteService service)
{
    private static string NewKey => Guid.NewGuid().ToString();

    [Fact]
    public async Task A_project_with_one_API_key_receives_the_lost_response_of_its_rotation()
    {
        using var project = await service.CreateProjectAsync();
        var (key, path) = (NewKey, Routes.RotateApiKey(project.Id));
        var rotated = await project.Client.PostIdempotentAsync(key, path);
        rotated.EnsureStatus(HttpStatusCode.OK);

        var replayed = await project.Client.PostIdempotentAsync(key, path);

        replayed.EnsureStatus(HttpStatusCode.OK);
        ReplayAssert.HasSameSecret(Text(rotated.Json, "api_key"), Text(replayed.Json, "api_key"), replayed);
        using var second = service.Process.CreateClient(Text(replayed.Json, "api_key"));
        (await second.PostIdempotentAsync(NewKey, path)).EnsureStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_API_key_receives_the_lost_response_of_its_rotation_by_id()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, client) = await service.CreateApiKeyAsync(project.Id, ["apiKeys:manage", "virtualKeys:view"]);
        using var _ = client;
        var (key, path) = (NewKey, Routes.RotateOneApiKey(project.Id, id));
        var rotated = await client.PostIdempotentAsync(key, path);
        rotated.EnsureStatus(HttpStatusCode.OK);

        var replayed = await client.PostIdempotentAsync(key, path);

        replayed.EnsureStatus(HttpStatusCode.OK);
        ReplayAssert.HasSameSecret(rotated.Secret, replayed.Secret, replayed);
        await ApiKeyAssert.IsAcceptedAsync(service, replayed.Secret);
    }

    [Fact]
    public async Task A_replaced_secret_repeats_no_other_request_and_no_other_secret_repeats_its_own()
    {
        using var project = await service.CreateProjectAsync();
        var (key, path) = (NewKey, Routes.RotateApiKey(project.Id));
        using var second = service.Process.CreateClient(
            Text((await project.Client.PostIdempotentAsync(NewKey, path)).Json, "api_key"));
        (await second.PostIdempotentAsync(key, path)).EnsureStatus(HttpStatusCode.OK);
        var firstId = Text((await second.SendAsync(HttpMethod.Get, Routes.ApiKeys(project.Id)))
            .Json.GetProperty("data")[0], "id");
        ApiResponse[] refused =
        [
            await project.Client.PostIdempotentAsync(key, path),
            await second.PostIdempotentAsync(NewKey, path),
            await second.PostIdempotentAsync(key, path, """{"grace_period_seconds":60}"""),
            await second.PostIdempotentAsync(key, Routes.RotateOneApiKey(project.Id, firstId)),
            await second.PostIdempotentAsync(key, Routes.ApiKeys(project.Id), """{"name":"n","permissions":[]}"""),
            await second.PostIdempotentAsync(key, Routes.VirtualKeys, """{"name":"n"}"""),
            await second.SendAsync(HttpMethod.Post, path),
        ];

        Assert.All(refused, response => ErrorAssert.IsError(response, 403, "api_key_retiring"));
        (await second.PostIdempotentAsync(key, path)).EnsureStatus(HttpStatusCode.OK);
    }
}
