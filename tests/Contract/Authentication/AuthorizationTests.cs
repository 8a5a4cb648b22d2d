using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.Authentication;

public abstract class AuthorizationTests(TestService service)
{
    private const string UnknownKeyId = "vk_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string UnknownSecretId = "secret_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string UnknownProjectId = "project_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly (HttpMethod Method, string Path)[] ProjectOperations =
    [
        (HttpMethod.Get, Routes.VirtualKeys), (HttpMethod.Post, Routes.VirtualKeys), (HttpMethod.Post, Routes.Verify),
        (HttpMethod.Get, Routes.VirtualKey(UnknownKeyId)), (HttpMethod.Patch, Routes.VirtualKey(UnknownKeyId)),
        (HttpMethod.Post, Routes.Rotate(UnknownKeyId)), (HttpMethod.Post, Routes.Revoke(UnknownKeyId)),
        (HttpMethod.Post, Routes.Disable(UnknownKeyId)), (HttpMethod.Post, Routes.Enable(UnknownKeyId)),
        (HttpMethod.Delete, Routes.RetiringSecrets(UnknownKeyId)),
        (HttpMethod.Delete, Routes.RetiringSecret(UnknownKeyId, UnknownSecretId)),
        (HttpMethod.Patch, Routes.RetiringSecret(UnknownKeyId, UnknownSecretId)),
    ];

    private static readonly (HttpMethod Method, string Path)[] AdminOperations =
    [
        (HttpMethod.Get, Routes.Projects), (HttpMethod.Post, Routes.Projects),
        (HttpMethod.Get, Routes.Project(UnknownProjectId)),
    ];

    /// <summary>What the administrator may do to every project, and an API key to its own.</summary>
    private static readonly (HttpMethod Method, string Path)[] SharedOperations =
    [
        (HttpMethod.Post, Routes.RotateApiKey(UnknownProjectId)), (HttpMethod.Delete, Routes.RetiringApiKeys(UnknownProjectId)),
        (HttpMethod.Delete, Routes.RetiringApiKey(UnknownProjectId, UnknownSecretId)),
        (HttpMethod.Patch, Routes.RetiringApiKey(UnknownProjectId, UnknownSecretId)),
    ];

    [Fact]
    public async Task Only_health_checks_and_the_OpenAPI_document_are_anonymous()
    {
        using var stranger = service.CreateAnonymousClient();
        foreach (var (method, path) in ProjectOperations.Concat(AdminOperations).Concat(SharedOperations))
            ErrorAssert.IsError(await stranger.SendAsync(method, path), 401, "unauthorized");
        foreach (var path in new[] { "/health/live", "/health/ready", "/openapi/v1.json" })
            (await stranger.SendAsync(HttpMethod.Get, path)).EnsureStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_admin_key_is_forbidden_on_project_routes()
    {
        using var admin = service.CreateAdminClient();
        foreach (var (method, path) in ProjectOperations)
            ErrorAssert.IsError(await admin.SendAsync(method, path), 403, "forbidden");
    }

    [Fact]
    public async Task A_project_API_key_is_forbidden_on_admin_routes_even_for_its_own_project()
    {
        using var project = await service.CreateProjectAsync();
        foreach (var (method, path) in AdminOperations.Append((HttpMethod.Get, Routes.Project(project.Id))))
            ErrorAssert.IsError(await project.Client.SendAsync(method, path), 403, "forbidden");
    }

    [Fact]
    public async Task The_admin_key_is_accepted_in_either_header_and_only_on_an_exact_match()
    {
        using var stranger = service.CreateAnonymousClient();
        (await stranger.GetWithHeadersAsync(Routes.Projects, ("Authorization", $"bearer {service.AdminKey}"))).EnsureStatus(HttpStatusCode.OK);
        (await stranger.GetWithHeadersAsync(Routes.Projects, ("X-Auth-Token", service.AdminKey))).EnsureStatus(HttpStatusCode.OK);
        foreach (var wrong in new[] { service.AdminKey[..^1], service.AdminKey + "x", service.AdminKey[1..] })
            ErrorAssert.IsError(await stranger.GetWithHeadersAsync(Routes.Projects, ("X-Auth-Token", wrong)), 401, "unauthorized");
    }

    [Fact]
    public async Task A_wrong_API_key_is_refused_before_the_body_is_parsed()
    {
        using var stranger = service.Process.CreateClient("wrong");
        ErrorAssert.IsError(await stranger.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, "{"), 401, "unauthorized");
    }
}

[Collection(SqliteService.CollectionName)]
public sealed class AuthorizationOnSqliteTests(SqliteService service) : AuthorizationTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class AuthorizationOnPostgresTests(PostgresService service) : AuthorizationTests(service);
