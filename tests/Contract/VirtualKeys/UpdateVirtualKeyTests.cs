using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

public abstract class UpdateVirtualKeyTests(TestService service)
{
    [Fact]
    public async Task Only_the_members_in_the_request_change()
    {
        using var project = await service.CreateProjectAsync();
        var id = await CreateFullAsync(project);

        var renamed = await project.UpdateAsync(id, """{"name":"another"}""");
        AssertVirtualKeyShape(renamed);
        Assert.Equal("another", Text(renamed, "name"));
        Assert.Equal("about", Text(renamed, "description"));
        Assert.Equal("""["a","b"]""", renamed.GetProperty("provider_credential_ids").GetRawText());
        Assert.Equal("2", Text(renamed, "revision"));

        var listed = await project.UpdateAsync(id, """{"provider_credential_ids":["b"],"description":"more"}""");
        Assert.Equal("another", Text(listed, "name"));
        Assert.Equal("more", Text(listed, "description"));
        Assert.Equal("""["b"]""", listed.GetProperty("provider_credential_ids").GetRawText());
        Assert.Equal("3", Text(listed, "revision"));
        Assert.Equal(listed.ToString(), (await project.GetKeyAsync(id)).ToString());
    }

    [Fact]
    public async Task A_null_description_is_cleared_and_an_absent_one_is_kept()
    {
        using var project = await service.CreateProjectAsync();
        var id = await CreateFullAsync(project);
        Assert.Equal("about", TextOrNull(await project.UpdateAsync(id, """{"name":"n"}"""), "description"));
        Assert.Null(TextOrNull(await project.UpdateAsync(id, """{"description":null}"""), "description"));
        Assert.Null(TextOrNull(await project.GetKeyAsync(id), "description"));
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"name":"full"}""")]
    [InlineData("""{"description":"about","provider_credential_ids":["a","b"]}""")]
    [InlineData("""{"permissions":["a:*"],"external_id":" e ","metadata":{"a":"1","b":"2"}}""")]
    [InlineData("""{"metadata":{"b":"2","a":"1"},"allowed_ips":["10.0.0.0/8"],"expires_at":null}""")]
    [InlineData("""{"config":{}}"""), InlineData("""{"config":{"rpm":1}}"""), InlineData("""{"config":{"tpm":null}}""")]
    public async Task A_patch_that_changes_nothing_keeps_revision_and_updated_at(string patch)
    {
        using var project = await service.CreateProjectAsync();
        var id = await CreateFullAsync(project);
        var before = await project.GetKeyAsync(id);
        Assert.Equal(before.ToString(), (await project.UpdateAsync(id, patch)).ToString());
    }

    [Theory]
    [InlineData("environment", "\"test\""), InlineData("principal_user_id", "\"u\""), InlineData("id", "\"vk_1\"")]
    [InlineData("status", "\"revoked\""), InlineData("project_id", "null"), InlineData("revision", "\"7\"")]
    [InlineData("disabled_at", "null"), InlineData("last_used_at", "null")]
    public async Task A_member_that_cannot_be_changed_is_422_naming_it_and_nothing_changes(string member, string value)
    {
        using var project = await service.CreateProjectAsync();
        var id = await CreateFullAsync(project);
        var before = await project.GetKeyAsync(id);
        var response = await project.SendUpdateAsync(id, $$"""{"name":"another","{{member}}":{{value}}}""");
        ErrorAssert.IsError(response, 422, "validation_failed", naming: $"'{member}' is not a member of this request.");
        Assert.Equal(before.ToString(), (await project.GetKeyAsync(id)).ToString());
    }

    [Fact]
    public async Task A_revoked_key_cannot_be_changed()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        await project.Client.RevokeAsync(id);
        var response = await project.Client.SendAsync(HttpMethod.Patch, Routes.VirtualKey(id), new { name = "n" });
        ErrorAssert.IsError(response, 400, "virtual_key_revoked");
    }

    [Fact]
    public async Task A_key_of_another_project_is_404_and_is_unchanged()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        var id = await CreateFullAsync(project);
        var before = (await project.Client.GetAsync(id)).Body;
        var response = await otherProject.Client.SendAsync(HttpMethod.Patch, Routes.VirtualKey(id), new { name = "n" });
        ErrorAssert.IsError(response, 404, "virtual_key_not_found");
        ErrorAssert.IsError(await otherProject.Client.GetAsync(id), 404, "virtual_key_not_found");
        ErrorAssert.IsError(await otherProject.Client.RotateAsync(id), 404, "virtual_key_not_found");
        ErrorAssert.IsError(await otherProject.Client.RevokeAsync(id), 404, "virtual_key_not_found");
        Assert.Equal(before, (await project.Client.GetAsync(id)).Body);
    }

    private static async Task<string> CreateFullAsync(TestProject project)
    {
        var response = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, new
        {
            name = "full",
            description = "about",
            provider_credential_ids = new[] { "a", "b" },
            permissions = new[] { "a:*" },
            external_id = "e",
            metadata = new { a = "1", b = "2" },
            config = new { rpm = 1 },
            allowed_ips = new[] { "10.0.0.0/8" },
        });
        response.EnsureStatus(HttpStatusCode.Created);
        return Text(response.VirtualKey, "id");
    }
}
