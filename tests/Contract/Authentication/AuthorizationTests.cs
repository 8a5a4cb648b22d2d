using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Authentication;

[Collection(SqliteService.CollectionName)]
public sealed class AuthorizationTests(SqliteService service)
{
    [Fact]
    public async Task Only_health_checks_and_the_OpenAPI_document_are_anonymous()
    {
        using var anonymous = service.CreateAnonymousClient();
        foreach (var path in new[] { "/health/live", "/health/ready", "/openapi/v1.json" })
            (await anonymous.SendAsync(HttpMethod.Get, path)).EnsureStatus(HttpStatusCode.OK);
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
