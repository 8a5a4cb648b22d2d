using KeysCluster.TestKit;

namespace KeysCluster.Book.Tests;

/// <summary>A test that needs PowerShell, and is skipped without it: Debian and Ubuntu have no package of it.</summary>
internal sealed class PowerShellTheoryAttribute : TheoryAttribute
{
    public PowerShellTheoryAttribute()
    {
        if (!ProgramRunner.SearchPath().Any(folder => File.Exists(Path.Combine(folder, "pwsh"))))
            Skip = "PowerShell is not installed.";
    }
}
