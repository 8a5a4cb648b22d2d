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
        var owner = Assert.Single(await project.Api.ApiKeys.ListAsync(project.Id), key => key.Name != "limited");
        var (keys, apiKeys, projects) = ("/console/keys", "/console/api-keys", "/console/projects");
        foreach (var (path, form) in ((string, string)[])
        [
            ($"{keys}/{key.VirtualKey.Id}", "_handler=revoke&confirm=not+yours"),
            ($"{keys}/{key.VirtualKey.Id}", "_handler=edit&name=edited&revision=1"),
            ($"{keys}/new", "_handler=create&name=forged"),
            ($"{apiKeys}/new", "_handler=issue&name=forged&permissions=virtualKeys:view"),
            ($"{apiKeys}/{owner.Id}", "_handler=rotate&grace=0"),
            ($"{apiKeys}/{owner.Id}", $"_handler=delete&confirm={Uri.EscapeDataString(owner.Name)}"),
            ($"{projects}/{project.Id}/api-keys/{owner.Id}", "_handler=rename&name=forged"),
            ($"{projects}/new", "_handler=create&name=forged"),
            ($"{projects}/{project.Id}", "_handler=disable"),
            ($"{projects}/{project.Id}", "_handler=archive&confirm=a+project"),
        ])
        {
            Assert.Contains(await SendAsync(person.Page, path, form), (int[])[400, 403]);
        }

        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(key.Secret));
        Assert.Equal("not yours", Assert.Single((await project.Api.VirtualKeys.ListPageAsync()).Data).Name);
        Assert.Equal(2, (await project.Api.ApiKeys.ListAsync(project.Id)).Count);
        Assert.Equal("a project", (await project.Api.Projects.GetAsync(project.Id)).Name);
    }

    [Fact]
    public async Task Only_a_person_who_may_do_so_sees_the_pages_that_issue_and_manage()
    {
        var project = await service.CreateProjectAsync();
        var viewer = await project.CreateApiKeyAsync(ApiKeyPermissions.ViewVirtualKeys);
        await using var person = await service.SignInAsync(viewer);
        var page = person.Page;

        await Assertions.Expect(page.GetByText("No keys yet")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Create" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("header nav a")).ToHaveTextAsync(["Overview", "Keys"]);
        foreach (var (path, message) in ((string, string)[])
        [
            ("keys/new", "lacks the permission virtualKeys:create"),
            ("api-keys", "lacks apiKeys:manage"),
            ("api-keys/new", "lacks the permission apiKeys:manage"),
            ("projects", "needs an admin key"),
            ("projects/new", "Only an administrator"),
            ($"projects/{project.Id}", "Only an administrator"),
            ($"projects/{project.Id}/api-keys", "lacks apiKeys:manage"),
        ])
        {
            var response = await page.GotoAsync($"/console/{path}");
            Assert.Equal((path, 403), (path, response!.Status));
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(message);
            await Assertions.Expect(page.Locator("main button, main summary, main .button")).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task An_administrator_has_projects_and_no_virtual_keys()
    {
        await using var person = await service.SignInAsync(service.AdminKey);
        var page = person.Page;

        await Assertions.Expect(page.Locator("header nav a")).ToHaveTextAsync(["Projects"]);
        await page.GotoAsync("/console/keys/new");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("belongs to no project");
        await Assertions.Expect(page.Locator("main button")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_API_keys_of_another_project_are_not_found()
    {
        var other = await service.CreateProjectAsync();
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(project.ApiKey);

        var response = await person.Page.GotoAsync($"/console/projects/{other.Id}/api-keys");

        Assert.Equal(404, response!.Status);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no project");
    }

    [Fact]
    public async Task A_form_that_names_no_secret_expires_none()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("rotated");
        await project.Api.VirtualKeys.RotateAsync(key.VirtualKey.Id);
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");

        await person.Page.EvaluateAsync("document.querySelectorAll('[name=secret]').forEach(e => e.value = '')");
        await person.PressAsync("Expire early");

        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Choose the secret");
        Assert.Equal(VerdictCode.Retiring, await project.VerifyAsync(key.Secret));
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

    /// <summary>Sends a form with the token of the session, as a script on its pages could.</summary>
    private static async Task<int> SendAsync(IPage page, string path, string form)
    {
        var token = await page.Locator("input[name=__RequestVerificationToken]").First.InputValueAsync();
        return await page.EvaluateAsync<int>(
            """
            async ([path, form, token]) => {
              const body = new URLSearchParams(form);
              body.set('__RequestVerificationToken', token);
              return (await fetch(path, { method: 'POST', body })).status;
            }
            """,
            new[] { path, form, token });
    }
}
