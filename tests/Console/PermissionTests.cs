using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class PermissionTests(ConsoleService service)
{
    [Fact]
    public async Task A_person_who_may_only_look_sees_no_action()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("looked at");
        await project.Api.VirtualKeys.RotateAsync(key.VirtualKey.Id);
        var viewer = await project.CreateApiKeyAsync(ApiKeyPermissions.ViewVirtualKeys);
        await using var person = await service.SignInAsync(viewer);

        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");

        await Assertions.Expect(person.Page.Locator(".timeline li.retiring")).ToHaveCountAsync(1);
        await Assertions.Expect(person.Page.Locator("main button, main summary")).ToHaveCountAsync(0);
        await Assertions.Expect(person.Page.Locator("main")).ToContainTextAsync("lacks the permission events:view");
    }

    [Fact]
    public async Task A_form_that_the_page_does_not_offer_changes_nothing()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("not yours");
        var viewer = await project.CreateApiKeyAsync(ApiKeyPermissions.ViewVirtualKeys);
        await using var person = await service.SignInAsync(viewer);
        var token = await person.Page.Locator("input[name=__RequestVerificationToken]").First.InputValueAsync();

        var response = await person.Page.EvaluateAsync<int>(
            """
            async ([path, token]) => (await fetch(path, {
              method: 'POST',
              body: new URLSearchParams({
                _handler: 'revoke', confirm: 'not yours', __RequestVerificationToken: token,
              }),
            })).status
            """,
            new[] { $"/console/keys/{key.VirtualKey.Id}", token });

        Assert.Equal(400, response);
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(key.Secret));
    }

    [Fact]
    public async Task The_key_of_another_project_is_not_found()
    {
        var other = await service.CreateProjectAsync();
        var key = await other.CreateKeyAsync("of another project");
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(project.ApiKey);

        var response = await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");

        Assert.Equal(404, response!.Status);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.DoesNotContain("of another project", await person.Page.ContentAsync(), StringComparison.Ordinal);
    }
}
