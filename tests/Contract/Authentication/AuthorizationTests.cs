using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Authentication;

[Collection(SqliteService.CollectionName)]
public sealed class AuthorizationTests(SqliteService service)
{
    private static readonly (HttpMethod Method, string Path)[] ProjectOperations =
    [
        (HttpMethod.Get, Routes.VirtualKeys), (HttpMethod.Post, Routes.VirtualKeys), (HttpMethod.Post, Routes.Verify),
        (HttpMethod.Get, Routes.VirtualKey(UnknownIds.VirtualKey)),
        (HttpMethod.Patch, Routes.VirtualKey(UnknownIds.VirtualKey)),
        (HttpMethod.Post, Routes.Rotate(UnknownIds.VirtualKey)),
        (HttpMethod.Post, Routes.Revoke(UnknownIds.VirtualKey)),
        (HttpMethod.Post, Routes.Disable(UnknownIds.VirtualKey)),
        (HttpMethod.Post, Routes.Enable(UnknownIds.VirtualKey)),
        (HttpMethod.Delete, Routes.RetiringSecrets(UnknownIds.VirtualKey)),
        (HttpMethod.Delete, Routes.RetiringSecret(UnknownIds.VirtualKey, UnknownIds.Secret)),
        (HttpMethod.Patch, Routes.RetiringSecret(UnknownIds.VirtualKey, UnknownIds.Secret)),
        (HttpMethod.Get, Routes.Events), (HttpMethod.Get, Routes.VirtualKeyEvents(UnknownIds.VirtualKey)),
    ];

    private static readonly (HttpMethod Method, string Path)[] AdminOperations =
    [
        (HttpMethod.Get, Routes.Projects), (HttpMethod.Post, Routes.Projects),
        (HttpMethod.Get, Routes.Project(UnknownIds.Project)), (HttpMethod.Get, Routes.AllEvents),
    ];

    /// <summary>Operations that the admin key may call for every project, and an API key for its own project.</summary>
    private static readonly (HttpMethod Method, string Path)[] SharedOperations =
    [
        (HttpMethod.Post, Routes.RotateApiKey(UnknownIds.Project)),
        (HttpMethod.Delete, Routes.RetiringApiKeys(UnknownIds.Project)),
        (HttpMethod.Delete, Routes.RetiringApiKey(UnknownIds.Project, UnknownIds.Secret)),
        (HttpMethod.Patch, Routes.RetiringApiKey(UnknownIds.Project, UnknownIds.Secret)),
    ];

    [Fact]
    public async Task Only_health_checks_and_the_OpenAPI_document_are_anonymous()
    {
        using var anonymous = service.CreateAnonymousClient();
        foreach (var (method, path) in ProjectOperations.Concat(AdminOperations).Concat(SharedOperations))
            ErrorAssert.IsError(await anonymous.SendAsync(method, path), 401, "unauthorized");
        foreach (var path in new[] { "/health/live", "/health/ready", "/openapi/v1.json" })
            (await anonymous.SendAsync(HttpMethod.Get, path)).EnsureStatus(HttpStatusCode.OK);
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
        using var anonymous = service.CreateAnonymousClient();
        (string, string)[] accepted =
            [("Authorization", $"bearer {service.AdminKey}"), ("X-Auth-Token", service.AdminKey)];
        foreach (var header in accepted)
            (await anonymous.GetWithHeadersAsync(Routes.Projects, header)).EnsureStatus(HttpStatusCode.OK);

        foreach (var wrong in new[] { service.AdminKey[..^1], service.AdminKey + "x", service.AdminKey[1..] })
        {
            var response = await anonymous.GetWithHeadersAsync(Routes.Projects, ("X-Auth-Token", wrong));
            ErrorAssert.IsError(response, 401, "unauthorized");
        }
    }

    [Fact]
    public async Task A_wrong_API_key_is_refused_before_the_body_is_parsed()
    {
        using var client = service.Process.CreateClient("wrong");
        ErrorAssert.IsError(await client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, "{"), 401, "unauthorized");
    }
}
