using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.Authentication;

public abstract class WhoMayCallTests(TestService service)
{
    private const string SomeKey = "vk_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string SomeSecret = "secret_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string SomeProject = "project_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly (HttpMethod Method, string Path)[] ProjectCalls =
    [
        (HttpMethod.Get, Routes.VirtualKeys), (HttpMethod.Post, Routes.VirtualKeys), (HttpMethod.Post, Routes.Verify),
        (HttpMethod.Get, Routes.VirtualKey(SomeKey)), (HttpMethod.Patch, Routes.VirtualKey(SomeKey)),
        (HttpMethod.Post, Routes.Rotate(SomeKey)), (HttpMethod.Post, Routes.Revoke(SomeKey)),
        (HttpMethod.Post, Routes.Disable(SomeKey)), (HttpMethod.Post, Routes.Enable(SomeKey)),
        (HttpMethod.Delete, Routes.RetiringSecrets(SomeKey)),
        (HttpMethod.Delete, Routes.RetiringSecret(SomeKey, SomeSecret)),
        (HttpMethod.Patch, Routes.RetiringSecret(SomeKey, SomeSecret)),
    ];

    private static readonly (HttpMethod Method, string Path)[] AdminCalls =
    [
        (HttpMethod.Get, Routes.Projects), (HttpMethod.Post, Routes.Projects),
        (HttpMethod.Get, Routes.Project(SomeProject)),
    ];

    /// <summary>What the administrator may do to every project, and an API key to its own.</summary>
    private static readonly (HttpMethod Method, string Path)[] SharedCalls =
    [
        (HttpMethod.Post, Routes.RotateApiKey(SomeProject)), (HttpMethod.Delete, Routes.RetiringApiKeys(SomeProject)),
        (HttpMethod.Delete, Routes.RetiringApiKey(SomeProject, SomeSecret)),
        (HttpMethod.Patch, Routes.RetiringApiKey(SomeProject, SomeSecret)),
    ];

    [Fact]
    public async Task No_call_but_health_and_documents_goes_without_credentials()
    {
        using var stranger = service.CreateStranger();
        foreach (var (method, path) in ProjectCalls.Concat(AdminCalls).Concat(SharedCalls))
            ErrorAssert.IsError(await stranger.SendAsync(method, path), 401, "unauthorized");
        foreach (var path in new[] { "/health/live", "/health/ready", "/openapi/v1.json" })
            (await stranger.SendAsync(HttpMethod.Get, path)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_admin_key_is_forbidden_on_project_routes()
    {
        using var admin = service.CreateAdmin();
        foreach (var (method, path) in ProjectCalls)
            ErrorAssert.IsError(await admin.SendAsync(method, path), 403, "forbidden");
    }

    [Fact]
    public async Task A_project_API_key_is_forbidden_on_admin_routes_of_its_own_project_too()
    {
        using var project = await service.NewProjectAsync();
        foreach (var (method, path) in AdminCalls.Append((HttpMethod.Get, Routes.Project(project.Id))))
            ErrorAssert.IsError(await project.Client.SendAsync(method, path), 403, "forbidden");
    }

    [Fact]
    public async Task The_admin_key_works_as_Bearer_and_as_token_and_not_when_it_is_almost_right()
    {
        using var stranger = service.CreateStranger();
        (await stranger.GetWithAsync(Routes.Projects, ("Authorization", $"bearer {service.AdminKey}"))).Expect(HttpStatusCode.OK);
        (await stranger.GetWithAsync(Routes.Projects, ("X-Auth-Token", service.AdminKey))).Expect(HttpStatusCode.OK);
        foreach (var wrong in new[] { service.AdminKey[..^1], service.AdminKey + "x", service.AdminKey[1..] })
            ErrorAssert.IsError(await stranger.GetWithAsync(Routes.Projects, ("X-Auth-Token", wrong)), 401, "unauthorized");
    }

    [Fact]
    public async Task A_wrong_API_key_is_told_before_anything_about_the_body()
    {
        using var stranger = service.Process.CreateClient("wrong");
        ErrorAssert.IsError(await stranger.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, "{"), 401, "unauthorized");
    }
}

[Collection(SqliteService.Storage)]
public sealed class WhoMayCallOnSqliteTests(SqliteService service) : WhoMayCallTests(service);

[Collection(PostgresService.Storage)]
public sealed class WhoMayCallOnPostgresTests(PostgresService service) : WhoMayCallTests(service);
