namespace KeysCluster.WebConsole.Accounts;

/// <summary>What people may do whose account has a certain group.</summary>
internal sealed class OpenIdConnectRole
{
    /// <summary>The value of the role claim (<c>Console:OpenIdConnect:Roles:{name}:Value</c>).</summary>
    public string Value { get; set; } = "";

    /// <summary>Whether they are administrators (<c>Console:OpenIdConnect:Roles:{name}:Admin</c>).</summary>
    public bool Admin { get; set; }

    /// <summary>The project in which they work (<c>Console:OpenIdConnect:Roles:{name}:ProjectId</c>).</summary>
    public string? ProjectId { get; set; }

    /// <summary>
    /// What they may do in it, with commas between the permissions
    /// (<c>Console:OpenIdConnect:Roles:{name}:Permissions</c>).
    /// </summary>
    public string Permissions { get; set; } = "";

    /// <summary>Returns the permissions.</summary>
    public IReadOnlyList<string> GetPermissions() =>
        Permissions.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
